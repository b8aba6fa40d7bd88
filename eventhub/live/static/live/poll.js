// poll.js: asks over plain HTTP for what a socket would have brought. One request per group; refuses whatever is not JSON.

const TIMEOUT_MS = 15_000

export class PollError extends Error {
  constructor(status, retryAfterMs) {
    super(`poll answered ${status}`)
    this.status = status
    this.retryAfterMs = retryAfterMs
  }
}

// A frame or reset for the replica's group. `whole` asks without a cursor: the complete list. Throws PollError; status 0
// stands for no network and for a captive portal, which answers 200 with a page of its own.
export async function poll(slug, replica, { language, whole = false }) {
  const query = new URLSearchParams({ topics: replica.topics.join(",") })
  if (!whole) query.set("cursor", replica.cursor)
  query.set("language", language)
  let answer
  try {
    answer = await fetch(`/poll/${encodeURIComponent(slug)}?${query}`, {
      cache: "no-store",
      headers: { Accept: "application/json" },
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch {
    throw new PollError(0, 0)
  }
  const json = (answer.headers.get("Content-Type") ?? "").startsWith("application/json")
  const retryAfterMs = (Number(answer.headers.get("Retry-After")) || 0) * 1000
  if (!json) throw new PollError(answer.status === 503 ? 503 : 0, retryAfterMs)
  if (!answer.ok) throw new PollError(answer.status, retryAfterMs)
  try {
    return { ...(await answer.json()), g: replica.group }
  } catch {
    throw new PollError(0, retryAfterMs)
  }
}
