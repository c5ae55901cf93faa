/** `completion SHELL`: a script that completes the names of commands and flags, made from the commands themselves. */

import { type Command, command } from "../command-line/command.ts";
import { flagsOf } from "../command-line/parse.ts";

const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;
type Shell = (typeof SHELLS)[number];

export function completionCommand(root: () => Command): Command {
  return command({
    name: "completion",
    use: `completion [${SHELLS.join("|")}]`,
    text: "Generate completion script",
    objection,
    run: ({ args }) => {
      process.stdout.write(scriptFor(args[0] as Shell, root())); // what `objection` let pass
    },
  });
}

function objection(args: readonly string[]): string | undefined {
  if (args.length !== 1) return `accepts 1 arg(s), received ${args.length}`;
  const isShell = SHELLS.some((shell) => shell === args[0]);
  return isShell ? undefined : `invalid argument ${JSON.stringify(args[0])} for "etcdutl completion"`;
}

/** The commands typed so far, and the words that may follow. */
interface Words {
  readonly typed: string;
  readonly next: readonly string[];
}

function wordsOf(root: Command, own: Command = root, typed: readonly string[] = []): readonly Words[] {
  const flags = flagsOf(root, own).map(({ name }) => `--${name}`);
  const next = [...own.commands.map(({ name }) => name), ...flags, "--help"];
  const below = own.commands.flatMap((child) => wordsOf(root, child, [...typed, child.name]));
  return [{ typed: typed.join(" "), next }, ...below];
}

function scriptFor(shell: Shell, root: Command): string {
  const words = wordsOf(root);
  switch (shell) {
    case "bash":
      return bashScript(root.name, words);
    case "zsh":
      return `#compdef ${root.name}\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(root.name, words)}`;
    case "fish":
      return fishScript(root.name, words);
    case "powershell":
      return powershellScript(root.name, words);
  }
}

function bashScript(name: string, words: readonly Words[]): string {
  const cases = words.map(({ typed, next }) => `    "${typed}") words="${next.join(" ")}" ;;`);
  return `# completion of ${name}
_${name}_words() {
  local typed="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) typed="\${typed:+$typed }$word" ;; esac
  done
  case "$typed" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _${name}_words ${name}
`;
}

function fishScript(name: string, words: readonly Words[]): string {
  const lines = words.map(
    ({ typed, next }) =>
      `complete -c ${name} -n 'test "$(__${name}_typed)" = "${typed}"' -a "${next.join(" ")}"`,
  );
  return `# completion of ${name}
function __${name}_typed
  string match -v -- '-*' (commandline -opc)[2..-1] | string join " "
end
${lines.join("\n")}
`;
}

function powershellScript(name: string, words: readonly Words[]): string {
  const entries = words.map(
    ({ typed, next }) => `    "${typed}" = ${next.map((word) => `"${word}"`).join(", ")}`,
  );
  return `# completion of ${name}
Register-ArgumentCompleter -Native -CommandName ${name} -ScriptBlock {
  param($wordToComplete, $commandAst)
  $words = @{
${entries.join("\n")}
  }
  $typed = ($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" } |
    Where-Object { $_ -notlike "-*" -and $_ -ne $wordToComplete }) -join " "
  $words[$typed] | Where-Object { $_ -like "$wordToComplete*" }
}
`;
}
