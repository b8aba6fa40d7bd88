// renewal.js: knows when it is safe to load the page again: only when the server answers with it.

import { wait } from "live/backoff"

const RETRY_MS = 15_000

// Resolves when `url` has answered 200 with a page of ours. A captive portal's 200 and a server still starting do not count.
export async function pageAnswers(url, { spreadMs, ours = "<event-stream" }) {
  await wait(Math.random() * spreadMs)
  for (;;) {
    try {
      const answer = await fetch(url, { cache: "no-store", redirect: "error", headers: { Accept: "text/html" } })
      if (answer.status === 200 && (await answer.text()).includes(ours)) return
    } catch {
      // No network: the picture stays until there is one.
    }
    await wait(RETRY_MS * (1 + Math.random()))
  }
}
