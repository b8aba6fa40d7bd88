import { el, equal, ok, test } from "harness"
import { PlanPost } from "agenda/plan-post"

// A board with what its post needs, on a page that was loaded a moment after a deed.
function board() {
  const act = (name) => el("button", { "data-act": name })
  const bar = el("div", { "data-bar": "", hidden: "" }, el("p", { "data-bar-words": "" }), el("div", { "data-acts": "" }), act("undo"))
  const host = el("div", { "data-slug": "nord", "data-undone": "Zu spät:" }, el("p", { "data-problem": "" }), el("p", { "data-say": "" }), bar)
  const token = () => el("input", { name: "csrfmiddlewaretoken", value: "t" })
  const kept = el("form", { id: "plan-undo", "data-path": "slots/x/move", "data-said": "„A“: 11:45", "data-ms": "60000" }, token(), el("input", { name: "room", value: "3" }), el("input", { name: "version", value: "7" }))
  host.hand = { thing: null }
  document.body.append(host, el("form", { id: "plan-act" }, token()), kept)
  return host
}

test("the way back is offered again after the page was loaded again, once", async () => {
  const host = board()
  const sent = []
  globalThis.fetch = async (url, { body }) => {
    sent.push([new URL(url, location.href).pathname, Object.fromEntries(body)])
    return Response.json({ said: "„A“: 10:00", key: "x", version: 8, undo: null })
  }
  const post = new PlanPost(host, new AbortController().signal)

  const undo = host.querySelector("[data-act=undo]")
  equal(host.querySelector("[data-bar-words]").textContent, "„A“: 11:45")
  ok(!host.querySelector("[data-bar]").hidden && !undo.hidden, "the bar")
  equal(document.getElementById("plan-undo"), null)
  undo.click()
  await new Promise((done) => setTimeout(done))
  while (post.busy) await new Promise((done) => setTimeout(done, 5))

  equal(sent, [["/nord/home/barcamp/slots/x/move", { room: "3", version: "7" }]])
  equal(host.querySelector("[data-say]").textContent, "„A“: 10:00")
  ok(undo.hidden, "nothing more to take back")
  post.stop()
})
