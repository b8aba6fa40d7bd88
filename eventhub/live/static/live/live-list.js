// live-list.js: keeps its children in step with one topic. Remembers nothing but what stands in the DOM.

import { fragment } from "live/fragment"

export class LiveList extends HTMLElement {
  // Newer items of this topic; html null means gone.
  apply(items) {
    for (const item of items) this.put(item, { mark: true })
    this.trim()
    this.changed()
  }

  // The complete list: whatever is not in it leaves.
  reset(items) {
    const kept = new Set(items.filter(({ html }) => html !== null).map(({ key }) => key))
    for (const element of this.keyed()) if (!kept.has(element.dataset.key)) element.remove()
    for (const item of items) this.put(item)
    this.trim()
    this.changed()
  }

  // Inserts, replaces or removes one item; an element that is newer already stays (an answer may overtake a frame). What is only
  // to be drawn again enters no list that does without it.
  put({ key, version, order, html, redraw = false }, { mark = false } = {}) {
    const current = this.find(key)
    if (current ? Number(current.dataset.version) > version : redraw) return current
    const next = html === null ? null : fragment(html)
    if (!next) {
      current?.remove()
      return null
    }
    next.dataset.order ||= order
    next.dataset.version = Math.max(version, Number(next.dataset.version) || 0)
    const focus = focusIn(current)
    if (current?.hasAttribute("data-new")) next.setAttribute("data-new", "")
    this.place(next, current)
    if (focus) next.querySelector(focus)?.focus({ preventScroll: true })
    if (mark && !current) this.mark(next)
    return next
  }

  find(key) {
    return this.querySelector(`[data-key="${CSS.escape(key)}"]`)
  }

  keyed() {
    return this.querySelectorAll("[data-key]")
  }

  // Puts `next` where its order says; `current` is the element it stands in for, if any.
  place(next, current) {
    current?.remove()
    insertInOrder(this, next, this.getAttribute("order"))
  }

  mark(element) {
    for (const other of this.querySelectorAll("[data-new]")) other.removeAttribute("data-new")
    element.setAttribute("data-new", "")
  }

  // With limit=N the newest N stay, on whichever end they stand.
  trim() {
    const limit = Number(this.getAttribute("limit")) || Infinity
    const elements = [...this.keyed()]
    const surplus = elements.length - limit
    if (surplus <= 0) return
    const old = this.getAttribute("order") === "desc" ? elements.slice(-surplus) : elements.slice(0, surplus)
    for (const element of old) element.remove()
  }

  changed() {
    this.dispatchEvent(new CustomEvent("live-change", { bubbles: true }))
  }
}

const orderOf = (element) => Number(element.dataset.order)

export function insertInOrder(host, element, direction) {
  const sign = direction === "desc" ? -1 : 1
  const after = [...host.children].find(
    (other) => other.dataset.key !== undefined && sign * (orderOf(other) - orderOf(element)) > 0,
  )
  if (after) after.before(element)
  else host.append(element)
}

// How to find the focused control again in the element's next version; "" when the focus is elsewhere.
function focusIn(element) {
  const active = document.activeElement
  if (!element?.contains(active) || active === element) return ""
  const act = active.getAttribute("data-act")
  return act ? `[data-act="${CSS.escape(act)}"]` : active.localName
}

customElements.define("live-list", LiveList)
