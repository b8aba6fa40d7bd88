import { el, equal, ok, test, until } from "harness"
import "agenda/event-look"
import "eventhub/accent"

const PARTS = { name: "Forum Nord", hashtag: "#ForumNord", place: "Speicher 3", prompt: "Was nimmst du mit?", accent: "", zone: "Europe/Berlin", slug: "nord", language: "de", days: "1 2" }

const look = (parts) => el("div", { "data-key": "look", "data-version": "0", "data-order": "0" }, ...Object.entries({ ...PARTS, ...parts }).map(([name, text]) => el("span", { "data-part": name }, text)))
const item = (version, parts) => ({ topic: "event", key: "look", version, order: 0, html: look(parts).outerHTML })

function page(parts = {}) {
  const texts = { ...PARTS, ...parts }
  document.title = `(3) Pult · ${texts.name}`
  delete document.documentElement.dataset.accent
  const shown = ["name", "hashtag", "place", "prompt"].map((name) => el("bdi", { "data-shows": name }, texts[name]))
  const host = el("event-look", { topic: "event", reload: "slug language", hidden: "" }, look(parts))
  document.body.append(...shown, el("x-clock", { zone: texts.zone }), el("x-dot", { "data-zone": texts.zone }), host)
  return host
}

const shown = () => Object.fromEntries([...document.querySelectorAll("[data-shows]")].map((element) => [element.dataset.shows, element.hidden ? null : element.textContent]))

test("name, hashtag, place and question follow, also in the title", () => {
  const host = page()

  host.apply([item(5, { name: "Forum <b>Süd</b>", hashtag: "#Süd", place: "", prompt: "Und du?" })])

  equal(shown(), { name: "Forum <b>Süd</b>", hashtag: "#Süd", place: null, prompt: "Und du?" })
  equal(document.title, "(3) Pult · Forum <b>Süd</b>")
})

test("a hashtag that was not there appears", () => {
  const host = page({ hashtag: "" })

  host.apply([item(5, { hashtag: "#neu" })])

  equal(shown().hashtag, "#neu")
})

test("a second change begins where the first one ended", () => {
  const host = page()

  host.apply([item(5, { name: "Zwei" })])
  host.apply([item(7, { name: "Drei" })])
  host.apply([item(6, { name: "Zwei" })])

  equal([document.title, shown().name], ["(3) Pult · Drei", "Drei"])
})

test("clocks follow the zone", () => {
  const host = page()

  host.apply([item(5, { zone: "Asia/Tokyo" })])

  equal(document.querySelector("x-clock").getAttribute("zone"), "Asia/Tokyo")
  equal(document.querySelector("x-dot").dataset.zone, "Asia/Tokyo")
})

test("the colour follows, and goes again", async () => {
  const host = page()
  const accent = () => document.documentElement.style.getPropertyValue("--accent")
  document.documentElement.style.setProperty("--paper", "#ffffff")
  document.documentElement.style.setProperty("--ink", "#10201f")

  host.apply([item(5, { accent: "#00594a" })])
  await until(() => accent() === "#00594a")

  host.apply([item(6, { accent: "" })])
  await until(() => accent() === "")
  ok(true)
})

test("a complete list without it leaves the page as it is", () => {
  const host = page()

  host.reset([])

  equal([shown().name, document.title], ["Forum Nord", "(3) Pult · Forum Nord"])
})

test("only what a new page must follow loads it again, once the server answers with it", async () => {
  const asked = []
  const { fetch, setTimeout } = globalThis
  globalThis.fetch = async (url) => (asked.push(new URL(url).pathname), new Response("", { status: 503 }))
  globalThis.setTimeout = (act, ms) => setTimeout(act, Math.min(ms, 5))
  try {
    const host = page()
    host.apply([item(5, { name: "Anders", days: "3 4" })])
    await new Promise((resolve) => setTimeout(resolve, 40))
    equal(asked, [])

    host.apply([item(6, { slug: "sued" })])
    await until(() => asked.length > 0)
    equal(asked[0], location.pathname)
  } finally {
    Object.assign(globalThis, { fetch, setTimeout })
  }
})
