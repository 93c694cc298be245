/** Runs once, before the first test file. */
export default function globalSetup(): void {
}
