// Runs apps one after the other, and prints for each what it was refused with, or null: JSON, a line each.
import { pathToFileURL } from 'node:url';

for (const file of process.argv.slice(2)) {
  let message = null;
  try {
    await import(pathToFileURL(file).href);
  } catch (error) {
    message = error.message;
  }
  console.log(JSON.stringify({ file, message }));
}
// An app that was refused would be synthesised once more at the end.
process.exit(0);
