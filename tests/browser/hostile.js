// hostile.js: What a browser would have made of a text that was markup, and which boxes it would have burst.
(cards) => {
  const wrong = []
  if (window.hurt) wrong.push("a script ran")
  const acting = "[onerror], [onload], [onfocus], [ontoggle], [onbegin], [srcdoc], iframe, object, base, math"
  for (const element of document.querySelectorAll(acting)) wrong.push(element.outerHTML.slice(0, 120))
  for (const element of document.querySelectorAll("article :is(script, style, link, meta, template, form[action^=http])")) {
    wrong.push(element.outerHTML.slice(0, 120))
  }
  for (const link of document.querySelectorAll("a[href]")) {
    if (!/^(https?:|$)/.test(link.protocol)) wrong.push(link.href.slice(0, 120))
  }
  for (const card of document.querySelectorAll(cards)) {
    const { left, right } = card.getBoundingClientRect()
    for (const part of card.querySelectorAll("*")) {
      const box = part.getBoundingClientRect()
      const cut = part.closest(".post__who, .post__to, .post__text, bdi") !== null
        && getComputedStyle(card).overflow !== "visible"
      if (box.width && !cut && (box.right > right + 2 || box.left < left - 2) && !hiddenBy(part, card)) {
        wrong.push(`${part.className} leaves ${card.dataset.key}: ${part.textContent.slice(0, 60)}`)
      }
    }
  }
  if (document.documentElement.scrollWidth > innerWidth + 1 && !cards.includes("td")) wrong.push("the page is too wide")
  return wrong

  function hiddenBy(part, card) {
    for (let one = part.parentElement; one && one !== card.parentElement; one = one.parentElement) {
      if (getComputedStyle(one).overflowX !== "visible") return true
    }
    return false
  }
}
