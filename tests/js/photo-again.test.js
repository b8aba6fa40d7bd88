import { el, equal, ok, test } from "harness"
import { watchPhotos } from "wall/photo-again"

function page(...photos) {
  const root = el("section", {}, ...photos)
  document.body.append(root)
  const waiting = []
  watchPhotos(root, (again, ms) => waiting.push({ again, ms }))
  return { root, waiting }
}

const photo = () => el("figure", { class: "picture" }, el("img", { class: "picture__image", alt: "" }))

const fail = (plate) => plate.firstChild.dispatchEvent(new Event("error"))

test("a photo that has not come leaves a quiet plate and is asked for again", () => {
  const plate = photo()
  const { waiting } = page(plate)
  const asked = []
  plate.firstChild.getAttribute = (name) => name === "src" && "/media/key"
  plate.firstChild.setAttribute = (name, value) => asked.push([name, value])

  fail(plate)

  ok(plate.hasAttribute("data-missing"))
  equal(waiting.length, 1)
  waiting[0].again()
  equal(asked, [["src", "/media/key"]])
})

test("a photo that comes after all is shown", () => {
  const plate = photo()
  page(plate)

  fail(plate)
  plate.firstChild.dispatchEvent(new Event("load"))

  equal(plate.hasAttribute("data-missing"), false)
})

test("a photo is asked for ever more seldom, and in the end no more", () => {
  const plate = photo()
  const { waiting } = page(plate)

  for (let times = 0; times < 9; times++) fail(plate)

  equal(waiting.map(({ ms }) => ms), [4000, 8000, 16000, 32000, 64000, 128000])
})

test("a photo that was taken away meanwhile is not asked for", () => {
  const plate = photo()
  const { waiting } = page(plate)
  fail(plate)
  plate.remove()
  let asked = false
  plate.firstChild.setAttribute = () => (asked = true)

  waiting[0].again()

  equal(asked, false)
})

test("other pictures are none of its business", () => {
  const picture = el("img", { alt: "" })
  const { waiting } = page(picture)

  picture.dispatchEvent(new Event("error"))

  equal(waiting.length, 0)
})
