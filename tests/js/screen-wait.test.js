import { el, equal, test, until } from "harness"
import "wall/screen-wait"
import { metresFor } from "wall/test-slide"

const CODE = { state: "waiting", code: "ABC234", address: "hub.example/pair", side: 29, path: "M4 4h1v1h-1z" }
const JSON_TYPE = { headers: { "Content-Type": "application/json" } }

// A server that gives these answers one after the other, the last one again and again; null is no network.
function server(...answers) {
  let asked = 0
  globalThis.fetch = async () => {
    const answer = answers[Math.min(asked, answers.length - 1)]
    asked += 1
    if (answer === null) throw new TypeError("no network")
    return typeof answer === "string" ? new Response(answer, { headers: { "Content-Type": "text/html" } }) : Response.json(answer, JSON_TYPE)
  }
  return () => asked
}

function waiting() {
  const form = el("form", { action: "/screen/wait" })
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  picture.append(document.createElementNS("http://www.w3.org/2000/svg", "path"))
  const shown = el("div", { "data-shown": "", hidden: "" }, el("b", { "data-code": "0" }), el("b", { "data-code": "1" }), el("i", { "data-address": "" }), el("p", { "data-words": "" }))
  const element = el("screen-wait", { "data-offline": "no network" }, shown, picture, form)
  document.body.append(element)
  return { element, shown, picture, code: () => [...element.querySelectorAll("b")].map((b) => b.textContent), said: () => element.querySelector("p").textContent }
}

test("the code of an answer stands there, with address and picture", async () => {
  server(CODE)
  const { element, shown, picture, code } = waiting()
  await until(() => !shown.hidden)

  equal([code(), element.querySelector("i").textContent], [["ABC", "234"], "hub.example/pair"])
  equal([picture.getAttribute("viewBox"), picture.querySelector("path").getAttribute("d")], ["0 0 29 29", CODE.path])
})

test("a captive portal's page is no answer, and the code that stood stays", async () => {
  const asked = server(CODE, "<html>Please log in</html>")
  const { code, said } = waiting()
  await until(() => asked() >= 2 && said() !== "")

  equal([code(), said()], [["ABC", "234"], "no network"])
})

test("whoever comes with a key waits for no code meanwhile", async () => {
  const asked = server(CODE)
  document.body.append(el("screen-enter", { busy: "" }))
  const { shown } = waiting()
  await new Promise((resolve) => setTimeout(resolve, 100))

  equal([asked(), shown.hidden], [0, true])
})

test("letters are read from farther away the larger they are", () => {
  equal([11, 6.6, 4.6, 3.4].map((size) => metresFor(size)), [41, 24, 17, 12])
  equal(metresFor(4.6, 5) > metresFor(4.6), true)
})
