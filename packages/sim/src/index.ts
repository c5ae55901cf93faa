/** Deterministic simulation: members on a virtual clock and a disk that forgets, a workload, and checkers. */

export { ImageBuilder, type Loss } from "./crash-images/image.ts";
export { LOADS, type Load } from "./crash-images/loads.ts";
export { type Recording, record } from "./crash-images/recording.ts";
export { type CrashImageResult, checkRecording } from "./crash-images/run-crash-images.ts";
export { PLANTED_BUGS, type PlantedBug } from "./planted-bugs.ts";
export { runSimulation, type SimulationOptions, type SimulationResult } from "./run-simulation.ts";
