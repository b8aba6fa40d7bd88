// request.js: one request to our own server, answered as data. Never throws: no network, a time-out and a captive portal that
// answers with a page of its own are all null.

const TIMEOUT_MS = 15_000

// `data` makes it a POST; FormData is sent with the files in it. Answers { status, json, retryAfterMs } or null. A refusal
// without JSON (a proxy's, the CSRF page) keeps its status and has json null; a success without JSON is nobody's answer of ours.
export async function ask(url, { data, csrf, timeoutMs = TIMEOUT_MS } = {}) {
  const headers = { Accept: "application/json" }
  if (csrf) headers["X-CSRFToken"] = csrf
  try {
    const answer = await fetch(url, {
      method: data ? "POST" : "GET",
      body: data instanceof FormData ? data : data && new URLSearchParams(data),
      headers,
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    })
    const typed = (answer.headers.get("Content-Type") ?? "").startsWith("application/json")
    const retryAfterMs = (Number(answer.headers.get("Retry-After")) || 0) * 1000
    const json = typed ? await answer.json() : null
    if (answer.ok && answer.status !== 204 && json === null) return null
    return { status: answer.status, json, retryAfterMs }
  } catch {
    return null
  }
}

export const csrfOf = (form) => form?.elements.namedItem("csrfmiddlewaretoken")?.value ?? ""
