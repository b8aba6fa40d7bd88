import { el, equal, later, test, until } from "harness"
import "eventhub/reach-note"

// A server that has been reached after so many questions.
function server(after) {
  const asked = []
  globalThis.fetch = async (url) => {
    asked.push(url)
    const reached = asked.length > after
    return new Response(JSON.stringify({ reached }), { headers: { "Content-Type": "application/json" } })
  }
  return asked
}

test("the note stays until another device has come, and then asks no more", async () => {
  const asked = server(2)
  document.body.append(el("reach-note", { every: "5" }, "nobody yet"))

  await until(() => !document.querySelector("reach-note"))

  equal(new Set(asked).size, 1)
  const count = asked.length
  await later(30)
  equal([asked[0], asked.length], ["/reach", count])
})

test("the note stays without a network", async () => {
  let tries = 0
  globalThis.fetch = async () => {
    tries += 1
    throw new TypeError("no network")
  }
  document.body.append(el("reach-note", { every: "5" }, "nobody yet"))

  await until(() => tries > 2)

  equal(document.querySelector("reach-note").textContent, "nobody yet")
})
