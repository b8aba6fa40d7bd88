// screen-own.js: what this screen is told of itself, as the page holds it: how it is set, which steps stand for it, whether it
// rehearses. A page shows one screen, and hears of all of them.

const NOTHING = {}

// Its settings as data: screen, view, stands, wiring, theme …; empty before they have come.
export const ownScreen = () => document.querySelector("[topic=screen] > [data-screen]")?.dataset ?? NOTHING

const concernsMe = ({ dataset }) => !dataset.on || dataset.on === ownScreen().screen

// The step `what` that stands for this screen at `at`, by the server's clock; its own before everybody's. Null without one.
export function standing(what, at) {
  const steps = [...document.querySelectorAll(`#standing > [data-step="${what}"]`)].filter(concernsMe)
  const lasting = steps.filter(({ dataset }) => !dataset.until || at < Date.parse(dataset.until))
  return lasting.find(({ dataset }) => dataset.on) ?? lasting[0] ?? null
}

function rehearsal() {
  const rows = [...document.querySelectorAll("[topic=screen] > [data-rehearsal]")].filter(concernsMe)
  return rows.find((row) => row.dataset.on) ?? rows[0] ?? null
}

// The posts that stand on the wall instead of the real ones while this screen rehearses, else null.
export const rehearsedPosts = () => rehearsal()?.querySelector("template")?.content ?? null

// { starts, began, speed } while this screen rehearses, else null.
export function rehearsalNow() {
  const { dataset } = rehearsal() ?? {}
  return dataset ? { starts: Number(dataset.starts), began: Number(dataset.began), speed: Number(dataset.speed) } : null
}
