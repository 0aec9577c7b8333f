// Files out of what was chosen or dropped, folders walked, each with the folder it came from.

const IGNORED = /^(\.|~\$|Thumbs\.db$|desktop\.ini$)/i; // hidden files, and what office programs leave beside open ones

/** What a picker chose: a list of {file, folder}. */
export function listed(files) {
  return [...files].map((file) => ({ file, folder: (file.webkitRelativePath ?? "").split("/").slice(0, -1).join("/") })).filter(wanted);
}

/** What was dropped, folders walked: a list of {file, folder}. */
export async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return listed(transfer.files);
  const found = [];
  for (const entry of entries) await walk(entry, "", found);
  return found.filter(wanted);
}

async function walk(entry, folder, found) {
  if (entry.isFile) {
    const file = await new Promise((resolve) => entry.file(resolve, () => resolve(null)));
    if (file) found.push({ file, folder });
    return;
  }
  const reader = entry.createReader();
  const below = folder ? `${folder}/${entry.name}` : entry.name;
  for (;;) { // a reader tells a hundred at a time
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!some.length) return;
    for (const each of some) await walk(each, below, found);
  }
}

function wanted({ file, folder }) {
  return !IGNORED.test(file.name) && !folder.split("/").some((part) => part.startsWith("."));
}
