// fragment.js: the only place where HTML from the server becomes DOM, and an address a script's. What arrives was rendered by our
// own autoescaping templates; nothing else may be given to it.

const WORKER = "/sw.js"
const rules = { createHTML: (html) => html, createScriptURL: () => WORKER }
const policy = globalThis.trustedTypes?.createPolicy("eventhub", rules) ?? rules

// The root element of a rendered partial, or null when there is none.
export function fragment(html) {
  return page(html).firstElementChild
}

// What stands in a rendered page, for looking something up in it. Runs nothing, loads nothing.
export function page(html) {
  const template = document.createElement("template")
  template.innerHTML = policy.createHTML(html)
  return template.content
}

// The one script that a browser may run beside our pages.
export const workerAddress = () => policy.createScriptURL("")
