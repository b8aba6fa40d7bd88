// harness.js: runs the tests of one file, one after the other, and leaves the outcomes where pytest reads them.

const waiting = []
globalThis.results = {}

export function test(name, act) {
  waiting.push([name, act])
}

export function equal(actual, expected, what = "") {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (left !== right) throw new Error(`${what} ${left} instead of ${right}`.trim())
}

export const ok = (value, what) => equal(Boolean(value), true, what)

export const later = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms))

// Waits for something that must become true, as long as pytest waits for the page.
export async function until(condition) {
  while (!condition()) await later(5)
}

// An element tree from plain descriptions: el("p", { class: "x" }, "text", el("b")).
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  element.append(...children)
  return element
}

// Numbers that look random and are the same in every run.
export function seeded(seed) {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

addEventListener("load", async () => {
  for (const [name, act] of waiting) {
    document.body.replaceChildren()
    try {
      await act()
      globalThis.results[name] = ""
    } catch (error) {
      globalThis.results[name] = String(error?.stack ?? error)
    }
  }
  document.documentElement.dataset.finished = ""
})
