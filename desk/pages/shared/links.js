// Which addresses a page follows. Served to the applicant's pages, too.

/** @import { Citation } from "../messages" */

/**
 * An address that may be followed, in full: of our own origin, or of one of these schemes; otherwise null.
 * @param {string | undefined} address
 * @param {string[]} [schemes]
 */
export function safeLink(address, schemes = ["https:"]) {
  if (!address) return null;
  try {
    const url = new URL(address, location.href);
    return url.origin === location.origin || schemes.includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/**
 * Our own page of the document a citation names, at the clause; null where it names none.
 * @param {Citation} citation
 */
export function ownPage({ link }) {
  return safeLink(link, []);
}

/**
 * The page of whoever issued it, or null.
 * @param {Citation} citation
 */
export function issuersPage({ url }) {
  return safeLink(url, ["https:", "http:"]);
}
