// accent.js: gives the page the event's own accent, as far as it can be read on it, now and when it changes; without one the
// tokens' accent stays.

import { palette, parse } from "eventhub/colour"

const root = document.documentElement
const names = { accent: "--accent", onAccent: "--on-accent", soft: "--accent-soft", rest: "--accent-rest" }

function paint() {
  for (const name of Object.values(names)) root.style.removeProperty(name)
  const token = (name) => parse(getComputedStyle(root).getPropertyValue(name).trim())
  const colours = palette(root.dataset.accent, token("--paper"), token("--ink"))
  for (const [key, value] of Object.entries(colours ?? {})) root.style.setProperty(names[key], value)
}

if (root.dataset.accent) paint()
new MutationObserver(paint).observe(root, { attributeFilter: ["data-accent"] })
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => root.dataset.accent && paint())
