import { el, equal, later, ok, test, until } from "harness"
import "live/live-list"
import { DeskFilter } from "wall/desk-filter"
import { DeskFront } from "wall/desk-front"
import { DeskQueue, WINDOW } from "wall/desk-queue"

const card = (order, { reason = "none", likeness } = {}) =>
  el("article", { "data-kind": "post", "data-state": "pending", "data-key": `k${order}`, "data-version": 1, "data-order": order, "data-reason": reason, "data-network": "note", "data-since": new Date().toISOString(), ...(likeness && { "data-likeness": likeness }) },
    el("p", { "data-look": "", hidden: "" }), el("p", { "data-pile": "", hidden: "" }, el("a", { "data-pile-words": "" })))
const item = (order, more) => ({ key: `k${order}`, version: 1, order, html: card(order, more).outerHTML })
const select = (name, ...values) => el("select", { name }, el("option", { value: "" }), ...values.map((value) => el("option", { value }, value)))
const choices = (...reasons) => el("form", {}, select("reason", ...reasons), select("network", "note"), select("session")).outerHTML

// What the server would say: `waiting` is its queue, `given` what it gives next; `asked` collects what it was asked.
function serving({ waiting = [], given = [] } = {}) {
  const asked = []
  globalThis.fetch = async (url, { body }) => {
    const { pathname, searchParams } = new URL(url, location.href)
    const what = pathname.split("/").pop()
    asked.push([what, Object.fromEntries(body ?? searchParams)])
    const reason = searchParams.get("only_reason") ?? body?.get("only_reason") ?? ""
    const mine = waiting.filter((one) => reason === "" || one.html.includes(`data-reason="${reason}"`))
    const items = mine.filter(({ order }) => order > Number(searchParams.get("from") ?? 0)).slice(0, WINDOW)
    const told = { count: waiting.length, chosen: mine.length, piles: {}, items, next: what === "queue" ? null : (given.shift() ?? null) }
    return Response.json(told)
  }
  return asked
}

// A desk with `count` cards of more that wait, and what desk-board.js ties together.
function desk(cards, { waiting = cards.length } = {}) {
  const pending = el("div", { "data-list": "pending" }, ...cards)
  const filter = el("details", { "data-filter": "" }, el("summary", {}, "x"), el("div", {}), el("button", { "data-all": "", hidden: "" }))
  filter.children[1].append(el("form", {}, select("reason", "link", "word"), select("network", "note"), select("session")))
  const head = el("h2", {}, el("b", { "data-count": "" }), el("span", { "data-of": "", hidden: "" }), el("span", { "data-age": "" }))
  const board = el("live-list", { topic: "desk", "data-slug": "hall", "data-me": 1, "data-waiting": waiting, "data-of": "of {n}", "data-seconds": "{n}", "data-minutes": "{n}", "data-alike": "{n}", "data-looking": "{name}", "data-due-words": "{n}", "data-due-now": "" }, head, filter, pending)
  const form = el("form", {}, el("input", { name: "csrfmiddlewaretoken", value: "t" }))
  document.body.append(board, form)
  const parts = { board, filter, keys: () => [...pending.children].map(({ dataset }) => dataset.key).join(" ") }
  const { signal } = new AbortController()
  parts.chosen = new DeskFilter(filter, signal, { changed: () => parts.choosing?.(), opened() {} })
  parts.queue = new DeskQueue(board, parts.chosen)
  parts.front = new DeskFront(board, form, parts.chosen, (told) => parts.queue.told(told))
  board.place = (next, current) => (current ? current.replaceWith(next) : pending.append(next))
  board.changed = () => {
    parts.front.changed()
    parts.queue.changed()
  }
  parts.choose = (name, value) => {
    filter.querySelector(`[name=${name}]`).value = value
    filter.dispatchEvent(new Event("change"))
  }
  return parts
}

const count = ({ board }) => `${board.querySelector("[data-count]").textContent} ${board.querySelector("span[data-of]").textContent}`.trim()

test("what waits beyond the window is counted and not held", () => {
  serving()
  const page = desk(Array.from({ length: WINDOW + 3 }, (_, index) => card(index + 1)), { waiting: WINDOW + 10 })

  page.queue.changed()

  equal(page.board.querySelectorAll("[data-kind=post]").length, WINDOW)
  equal(count(page), String(WINDOW + 10))
})

test("posts that say the same lie under the oldest of them", () => {
  serving()
  const page = desk([card(1, { likeness: "a" }), card(2), card(3, { likeness: "a" })])

  page.queue.changed()

  equal([...page.board.querySelectorAll("[data-piled]")].map(({ dataset }) => dataset.key), ["k3"])
  equal(page.board.querySelector("[data-key=k1] [data-pile-words]").textContent, "2")
})

test("the window is filled again from what the server has", async () => {
  const waiting = [1, 2, 3].map((order) => item(order))
  const asked = serving({ waiting })
  const page = desk([card(1)], { waiting: 3 })

  await page.queue.refill()

  equal(page.keys(), "k1 k2 k3")
  equal(asked[0], ["queue", { from: "0" }])
})

test("what is not chosen leaves, what is chosen comes from beyond", async () => {
  const waiting = [item(1, { reason: "word" }), item(2, { reason: "link" }), item(3, { reason: "word" }), item(90, { reason: "link" })]
  const asked = serving({ waiting })
  const page = desk([card(1, { reason: "word" }), card(2, { reason: "link" }), card(3, { reason: "word" })], { waiting: 4 })
  page.queue.changed()

  page.choose("reason", "link")
  await page.queue.refill()

  equal(page.keys(), "k2 k90")
  equal(count(page), "2 of 4")
  ok(page.board.hasAttribute("data-filtered"))
  equal(asked.find(([what]) => what === "queue")[1], { from: "0", only_reason: "link" })
})

test("of 500 that wait the hundred chosen are counted, held sixty at a time and given one by one", async () => {
  const reason = (order) => (order % 5 === 0 ? "link" : "word")
  const waiting = Array.from({ length: 500 }, (_, index) => item(index + 1, { reason: reason(index + 1) }))
  const links = waiting.filter(({ order }) => order % 5 === 0)
  const asked = serving({ waiting, given: [...links] })
  const page = desk(waiting.slice(0, WINDOW).map(({ order }) => card(order, { reason: reason(order) })), { waiting: 500 })
  page.queue.changed()
  equal(count(page), "500")
  page.choose("reason", "link")
  await page.queue.refill()
  equal(count(page), "100 of 500")

  const held = []
  for (const [done, { key }] of links.slice(0, 40).entries()) {
    if (done === 0) await page.front.next()
    await until(() => page.front.card?.dataset.key === key) // asked for by itself when the one before is gone
    page.front.card.remove() // it is decided: the frame takes it away
    waiting.splice(waiting.findIndex((one) => one.key === key), 1)
    page.board.changed()
    held.push(page.board.querySelectorAll("[data-kind=post]").length)
    if (done % 20 < 19) equal(count(page).split(" ")[0], String(99 - done)) // before the server says it again
    else await page.queue.refill()
    if (done % 20 === 19) equal(count(page), `${99 - done} of ${499 - done}`)
  }

  ok(Math.max(...held) <= WINDOW)
  ok(asked.filter(([what]) => what === "next").every(([, { only_reason }]) => only_reason === "link"))
  page.filter.querySelector("[data-all]").click()
  await page.queue.refill()
  equal([count(page), page.board.querySelectorAll("[data-kind=post]").length], ["460", WINDOW])
})

test("an answer to what was chosen before is not taken", async () => {
  serving({ waiting: [item(1, { reason: "word" }), item(2, { reason: "link" })] })
  const page = desk([])

  page.choose("reason", "word")
  const late = page.queue.refill()
  page.choose("reason", "link")
  await late
  equal(page.keys(), "")
  await page.queue.refill()

  equal(page.keys(), "k2")
})

test("everything comes back when nothing is chosen any more", async () => {
  serving({ waiting: [item(1, { reason: "word" }), item(2, { reason: "link" })] })
  const page = desk([card(1, { reason: "word" }), card(2, { reason: "link" })])
  page.choose("reason", "link")
  await page.queue.refill()

  page.filter.querySelector("[data-all]").click()
  await page.queue.refill()

  equal([...page.keys().split(" ")].sort(), ["k1", "k2"])
  equal(count(page), "2")
  ok(!page.board.hasAttribute("data-filtered"))
})

test("new choices keep what is chosen, also when nothing like it waits", () => {
  serving()
  const page = desk([])
  page.choose("reason", "word")

  page.chosen.offer(choices("photo"))

  equal(page.chosen.data, { only_reason: "word" })
  equal([...page.filter.querySelectorAll("[name=reason] option")].map(({ value }) => value), ["", "photo", "word"])
})

test("the post that the server gives is the one before this moderator", async () => {
  const asked = serving({ given: [item(2)] })
  const page = desk([card(1), card(2)])

  await page.front.next()

  equal(page.front.card.dataset.key, "k2")
  equal(page.board.querySelector("[aria-current]").dataset.key, "k2")
  equal(asked[0], ["next", { after: "" }])
})

test("the next one is asked for within what is chosen", async () => {
  const asked = serving({ given: [item(2, { reason: "link" })] })
  const page = desk([card(1, { reason: "word" }), card(2, { reason: "link" })])
  page.choose("reason", "link")

  await page.front.next("k9")

  equal(asked.at(-1), ["next", { after: "k9", only_reason: "link" }])
  equal(page.front.card.dataset.key, "k2")
})

test("without a network the first that nobody else looks at stands in, of what is chosen", async () => {
  globalThis.fetch = async () => { throw new TypeError("offline") }
  const page = desk([card(1, { reason: "link" }), card(2, { reason: "word" }), card(3, { reason: "link" })])
  page.board.append(el("bdi", { "data-user": 2, "data-at": "k1" }, "Tom"))
  page.choose("reason", "link")

  await page.front.next()

  equal(page.front.card.dataset.key, "k3")
  page.front.changed()
  equal(page.board.querySelector("[data-key=k1] [data-look]").textContent, "Tom")
})

test("a post that moves under the thumb takes no answer for a moment", async () => {
  serving({ given: [item(1), item(2)] })
  const page = desk([card(1), card(2)])
  await page.front.next()
  ok(!page.board.hasAttribute("data-settling"))

  await page.front.next("k1")

  ok(page.board.hasAttribute("data-settling"))
  await until(() => !page.board.hasAttribute("data-settling"))
})

test("what others have before them is nobody's else, even while this page has not heard of it", async () => {
  serving({ given: [] })
  const page = desk([card(1)])

  page.front.changed()
  await later()

  equal(page.board.querySelector("[aria-current]"), null)
})

test("a server that does not answer is waited for a second, then the first stands in", async () => {
  globalThis.fetch = () => new Promise(() => {})
  const page = desk([card(1)])

  page.front.changed()
  equal(page.front.card, undefined)

  await until(() => page.front.card?.dataset.key === "k1")
  ok(page.board.hasAttribute("data-guessed"))
})

test("a sign that an answer has overtaken says what it did not know", async () => {
  const asked = serving({ given: [item(1), null, item(2)] }) // the sign's own answer gives none
  const page = desk([card(1), card(2)])
  await page.front.next()
  const sign = page.front.beat()
  await page.front.next("k1")
  await sign
  await page.front.beat()

  const signs = asked.filter(([what]) => what === "here").map(([, { post, was }]) => [post, was])
  equal(signs, [["k1", "k1"], ["k2", "k2"]])
})

test("whose stream is refused asks no more", async () => {
  const asked = serving({ given: [item(1)] })
  const page = desk([card(1)])
  page.front.open()
  await until(() => asked.length > 0)

  document.dispatchEvent(new CustomEvent("stream-state", { detail: { state: "denied" } }))
  const before = asked.length
  await page.front.beat()
  await page.front.next()

  equal(asked.length, before)
  page.front.close()
})

test("whose help has ended asks no more", async () => {
  let asked = 0
  globalThis.fetch = async () => { asked += 1; return new Response("", { status: 403 }) }
  const page = desk([card(1)])

  await page.front.beat()
  await page.front.beat()
  await later()

  equal(asked, 1)
})
