/** Nothing imports the tool; its door stays shut. */

export {};
