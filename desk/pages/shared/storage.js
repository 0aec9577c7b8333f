// What this browser keeps for a page. Where storage is forbidden nothing is kept, and nothing fails.

/**
 * The text kept under `key`, or null.
 * @param {string} key
 */
export function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * Keep a text under `key`; null forgets it. Whether that went well.
 * @param {string} key
 * @param {string | null} text
 */
export function write(key, text) {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}
