import { el, equal, later, ok, test, until } from "harness"
import "wall/screen-wall"

const words = (count) => Array.from({ length: count }, () => "Wort").join(" ")
const html = (key, order, text) => `<article class="post" data-key="${key}" data-version="${order}" data-order="${order}"><div class="post__face"></div><div class="post__body"><header class="post__who"><b class="post__name">N</b></header><p class="post__text">${text}</p></div></article>`
const item = (order, text = words(12)) => ({ topic: "wall", key: `p${order}`, version: order, order, html: text === null ? null : html(`p${order}`, order, text) })

async function wall(...items) {
  for (const name of ["eventhub/tokens.css", "eventhub/base.css", "wall/screen.css"]) {
    if (document.querySelector(`link[href$="${name}"]`)) continue
    const link = el("link", { rel: "stylesheet", href: `/static/${name}` })
    document.head.append(link)
    await new Promise((resolve) => link.addEventListener("load", resolve))
  }
  document.body.className = "screen"
  const host = el("screen-wall", { topic: "wall", order: "desc", limit: "60", class: "stage" })
  document.body.append(el("header", { class: "bar" }, "x"), el("main", { class: "split" }, host, el("aside", { class: "side" })))
  host.reset(items)
  await document.fonts.ready
  await later(20)
  return host
}

const staged = (host) => [...host.querySelectorAll("[data-staged]")].map(({ dataset }) => dataset.key)

function whole(host) {
  const bottom = innerHeight * (5 / 6) + 1
  const boxes = [...host.querySelectorAll("[data-staged]")].map((element) => element.getBoundingClientRect())
  ok(boxes.every((box) => box.bottom <= bottom), "nothing in the bottom sixth")
  ok(boxes.every((box, at) => at === 0 || boxes[at - 1].bottom <= box.top), "nothing overlaps")
}

test("one to four whole posts stand above the heads", async () => {
  const host = await wall(...[1, 2, 3, 4, 5, 6].map((order) => item(order)))

  equal(staged(host)[0], "p6")
  ok(staged(host).length >= 2 && staged(host).length <= 4)
  whole(host)
})

test("a lone long post gets smaller, and ends in dots at the floor", async () => {
  const host = await wall(item(1, words(110)))
  const size = Number.parseFloat(getComputedStyle(host.querySelector(".post__text")).fontSize) / innerHeight

  ok(size >= 0.0329 && size < 0.046, `size ${size}`)
  whole(host)

  host.apply([item(2, words(900))])
  await until(() => staged(host)[0] === "p2")
  ok(host.find("p2").hasAttribute("data-clamped"))
  whole(host)
})

test("one or two short posts stand large", async () => {
  const host = await wall(item(1))
  ok(host.hasAttribute("data-large"))

  host.apply([item(2), item(3)])
  ok(!host.hasAttribute("data-large"))
  whole(host)
})

test("a new post enters marked, a hidden one leaves at once", async () => {
  const host = await wall(...[1, 2, 3, 4, 5].map((order) => item(order)))

  host.apply([item(9)])
  await until(() => staged(host)[0] === "p9")
  ok(host.find("p9").hasAttribute("data-new"))

  host.apply([{ ...item(9, null), version: 10 }])
  equal(staged(host)[0], "p5")
  whole(host)
})

test("posts that are drawn again keep their places, and nothing else enters", async () => {
  const host = await wall(...[1, 2, 3, 4, 5, 6, 7].map((order) => item(order)))
  const before = staged(host)
  const again = [1, 2, 3, 4, 5, 6, 7, 0.5].map((order) => ({ ...item(order, words(11)), version: 50, redraw: true }))

  host.apply(again)
  await later(600)

  equal(staged(host), before)
  equal([host.querySelectorAll("[data-new]").length, host.keyed().length], [0, 7])
  equal(host.find(before[0]).querySelector(".post__text").textContent, words(11))
  whole(host)
})

test("an edited post is measured anew", async () => {
  const host = await wall(...[1, 2, 3, 4].map((order) => item(order)))

  host.apply([{ ...item(4), version: 20, html: html("p4", 4, words(70)) }])

  equal(staged(host)[0], "p4")
  whole(host)
})

test("many at once are not shown one by one", async () => {
  const host = await wall(item(1))

  host.apply(Array.from({ length: 30 }, (_, at) => item(at + 2)))

  equal(staged(host)[0], "p31")
  equal(host.querySelectorAll("[data-new]").length, 0)
})

test("an emptied wall says so", async () => {
  const host = await wall(item(1))

  host.apply([{ ...item(1, null), version: 2 }])

  equal([host.dataset.count, staged(host)], ["0", []])
})

test("after a quiet time the question stands alone, and nobody comes back as new", async () => {
  const clock = Date.now
  let passed = 0
  Date.now = () => clock() + passed
  try {
    const host = await wall(...[1, 2, 3, 4, 5, 6, 7].map((order) => item(order)))
    passed = 14 * 60_000
    await later(600)
    ok(!host.hasAttribute("data-asking"), "asked too early")

    passed = 16 * 60_000
    await until(() => host.hasAttribute("data-asking"))
    equal(staged(host), [])

    passed += 21_000
    await until(() => staged(host).length > 0)
    equal([host.hasAttribute("data-asking"), host.querySelectorAll("[data-new]").length], [false, 0])
  } finally {
    Date.now = clock
  }
})

const freeze = () => document.body.append(el("div", { id: "standing" }, el("p", { "data-step": "freeze" })))
const thaw = () => document.querySelector("#standing").remove()
const picture = (host) => [staged(host), host.dataset.count === "0", host.hasAttribute("data-large"), host.querySelector(".post__text")?.textContent]

test("a frozen wall stands still while posts arrive one by one, all at once and anew, and catches up", async () => {
  const host = await wall(item(1), item(2))
  freeze()
  const before = picture(host)

  for (const order of [11, 12]) host.apply([item(order)])
  host.apply([21, 22, 23, 24, 25, 26].map((order) => item(order)))
  host.reset([1, 2, 11, 12, 21, 22, 23, 24, 25, 26, 27].map((order) => item(order)))
  await later(600)
  equal([picture(host)[0], picture(host)[2]], [before[0], before[2]])

  thaw()
  await until(() => staged(host)[0] === "p27")
  ok(!host.hasAttribute("data-large"))
  whole(host)
})

test("what is hidden leaves a frozen wall, and an empty one keeps its question", async () => {
  const host = await wall(...[1, 2, 3, 4, 5, 6].map((order) => item(order)))
  freeze()
  const [first, ...others] = staged(host)

  host.apply([{ ...item(Number(first.slice(1)), null), version: 50 }])
  await later(300)
  ok(others.every((key) => staged(host).includes(key)) && !staged(host).includes(first), "only that one left")
  thaw()

  document.body.replaceChildren()
  const empty = await wall()
  freeze()
  empty.apply([item(1)])
  await later(300)
  equal([staged(empty), empty.dataset.count], [[], "0"])
  thaw()
  await until(() => staged(empty)[0] === "p1")
})
