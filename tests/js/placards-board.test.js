import { el, equal, ok, test } from "harness"
import "wall/placards-board"

const html = (key, title) => `<div data-key="${key}"><form><input name="title" data-act="title" value="${title}"><p data-meanwhile hidden>${title}</p><input type="checkbox" data-act="sponsor" checked></form></div>`
const item = (key, order, title, version) => ({ topic: "placards", key, version, order, html: title === null ? null : html(key, title) })

function board() {
  const page = el("div")
  const form = el("form", { "data-new-pictures": "" })
  form.append(el("input", { type: "hidden", name: "csrfmiddlewaretoken", value: "token" }))
  page.append(form, el("p", { "data-none": "" }), el("p", { "data-full": "", hidden: "" }))
  const host = el("placards-board", { topic: "placards", order: "asc", most: "2" })
  page.append(host)
  document.body.replaceChildren(page)
  return host
}

const title = (host, key) => host.find(key).querySelector("[name=title]")

test("a picture of somebody else's comes with the token of this page", () => {
  const host = board()

  host.apply([item("a", 1, "Bank", 1)])

  equal(host.find("a").querySelector("[name=csrfmiddlewaretoken]").value, "token")
  ok(document.querySelector("[data-none]").hidden)
})

test("what is being typed stays, and the row says what it is called meanwhile", () => {
  const host = board()
  host.apply([item("a", 1, "Bank", 1)])
  title(host, "a").value = "Sparkasse"

  host.apply([item("a", 1, "Dom", 2)])

  equal(title(host, "a").value, "Sparkasse")
  equal(title(host, "a").defaultValue, "Dom")
  ok(!host.find("a").querySelector("[data-meanwhile]").hidden)
})

test("what nobody types in follows", () => {
  const host = board()
  host.apply([item("a", 1, "Bank", 1)])

  host.apply([item("a", 1, "Dom", 2)])

  equal(title(host, "a").value, "Dom")
  ok(host.find("a").querySelector("[data-meanwhile]").hidden)
})

test("a full list takes no more, and one that has room again does", () => {
  const host = board()
  const form = document.querySelector("[data-new-pictures]")

  host.apply([item("a", 1, "A", 1), item("b", 2, "B", 2)])
  ok(form.hidden && !document.querySelector("[data-full]").hidden)

  host.apply([item("b", 2, null, 3)])
  ok(!form.hidden && document.querySelector("[data-full]").hidden)
})
