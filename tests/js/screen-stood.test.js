import { equal, test } from "harness"
import { dress, scaleFor, scaleNow } from "wall/screen-dress"
import { Stood } from "wall/screen-stood"

test("what stands is told once when it could be read, and again when it has left", () => {
  const stood = new Stood()
  stood.see(["a"], 0)
  equal(stood.take(2_999), [])
  equal(stood.take(3_000), [["a", 0, 3_000]])
  equal(stood.take(4_000), [])
  stood.see(["b"], 20_000)

  equal(stood.take(21_000), [["a", 0, 20_000]])
})

test("what stood too briefly to be read is never told", () => {
  const stood = new Stood()
  stood.see(["a"], 0)
  stood.see([], 2_000)

  equal(stood.take(10_000), [])
})

test("a post that comes again stands anew", () => {
  const stood = new Stood()
  stood.see(["a"], 0)
  stood.see([], 5_000)
  stood.see(["a"], 60_000)
  stood.see([], 70_000)

  equal(stood.take(80_000), [["a", 0, 5_000], ["a", 60_000, 70_000]])
})

test("what could not be told is kept for the next time, the last hundred of it", () => {
  const stood = new Stood()
  for (let n = 0; n < 150; n += 1) {
    stood.see([`p${n}`], n * 5_000)
    stood.giveBack(stood.take(n * 5_000))
  }

  const told = stood.take(1_000_000)
  equal([told.length <= 101, told.at(-1)[0]], [true, "p149"])
})

test("a screen is dressed as it is set, and measured anew only for another size", () => {
  const root = document.createElement("html")

  equal(dress({ theme: "dark", distance: "30", picture: "300" }, root, null), true)
  equal([root.dataset.theme, root.style.getPropertyValue("--scale"), scaleNow(root)], ["dark", "1.25", 1.25])
  equal(dress({ theme: "light", distance: "20", picture: "200" }, root, null), false)
  equal(root.dataset.theme, "light")
  dress({ theme: "light", distance: "30", picture: "300" }, root, "dark")
  equal(root.dataset.theme, "dark")
  equal(dress({}, root, null), false)
})

test("letters grow from eight picture heights on, up to a limit", () => {
  equal([[20, 2.5], [5, 2.5], [25, 2.5], [60, 2.5], [0, 2.5]].map((at) => scaleFor(...at)), ["1.00", "1.00", "1.25", "1.40", ""])
})
