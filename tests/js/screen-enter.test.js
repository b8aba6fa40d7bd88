import { el, equal, test, until } from "harness"
import "wall/screen-enter"

const words = { "data-entering": "one moment", "data-unknown": "not valid", "data-offline": "no network" }

// A server that knows no key. It answers when it is told to.
function server() {
  const asked = []
  const answers = []
  globalThis.fetch = (url, { body }) => {
    asked.push(body.get("key"))
    return new Promise((resolve) => answers.push(() => resolve(new Response("{}", { status: 404, headers: { "Content-Type": "application/json" } }))))
  }
  return { asked, answers }
}

function screenEnter() {
  const element = el("screen-enter", words, el("p", { "data-words": "" }), el("form", { action: "/screen/enter" }))
  document.body.append(element)
  return { said: () => element.querySelector("p").textContent }
}

test("a key that is put behind the # of an open page is tried and leaves the address", async () => {
  const { asked, answers } = server()
  const { said } = screenEnter()
  equal([asked, said()], [[], ""])

  location.hash = "first"
  await until(() => answers.length === 1)

  equal([asked, said(), location.hash], [["first"], "one moment", ""])
  answers[0]()
  await until(() => said() === "not valid")
})

test("of two keys the later one counts, whichever is answered first", async () => {
  const { asked, answers } = server()
  const { said } = screenEnter()
  location.hash = "first"
  await until(() => answers.length === 1)
  location.hash = "second"
  await until(() => answers.length === 2)

  answers[0]()
  await Promise.resolve()

  equal([asked, said()], [["first", "second"], "one moment"])
  answers[1]()
  await until(() => said() === "not valid")
})
