// fragment.js: the only place where HTML from the server becomes DOM. What arrives was rendered by our own autoescaping
// templates; nothing else may be given to it.

const rules = { createHTML: (html) => html }
const policy = globalThis.trustedTypes?.createPolicy("eventhub", rules) ?? rules

// The root element of a rendered partial, or null when there is none.
export function fragment(html) {
  const template = document.createElement("template")
  template.innerHTML = policy.createHTML(html)
  return template.content.firstElementChild
}
