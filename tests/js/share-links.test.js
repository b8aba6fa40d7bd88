import { equal, test } from "harness"
import { blueskyLink, linkedinLink, mastodonLink, withTags } from "wall/share-links"

test("the tags of event and session are added where they are missing", () => {
  equal(withTags("Guten Tag!", ["Forum", "Podium"]), "Guten Tag! #Forum #Podium")
  equal(withTags("Guten #forum, #ＰＯＤＩＵＭ!", ["Forum", "Podium"]), "Guten #forum, #ＰＯＤＩＵＭ!")
  equal(withTags("Guten #Forumnord", ["Forum", ""]), "Guten #Forumnord #Forum")
  equal(withTags("Guten Tag!", ["Forum", "forum"]), "Guten Tag! #Forum")
  equal(withTags(" Guten Tag! ", [null, undefined]), "Guten Tag!")
})

test("a text is put into an address whole", () => {
  const text = "50 % & mehr? #Forum\n+1 \u{1F600}"
  for (const link of [blueskyLink(text), linkedinLink(text), mastodonLink("social.example", text)]) {
    equal(new URL(link).searchParams.get("text"), text, link)
    equal(new URL(link).hash, "", link)
  }
})

test("a server is understood as people type it", () => {
  for (const typed of ["social.example", " Social.Example ", "https://social.example/@mira", "@mira@social.example", "http://social.example?x"]) {
    equal(mastodonLink(typed, "x"), "https://social.example/share?text=x", typed)
  }
})

test("a server with an umlaut is named as the network knows it", () => {
  equal(mastodonLink("bücher.example", "x"), "https://xn--bcher-kva.example/share?text=x")
})

test("what names no server leads nowhere", () => {
  for (const typed of ["", "mira", "javascript:alert(1)", "social.example:8080", "127.0.0.1", "a b.example", "-x.example", "social..example"]) {
    equal(mastodonLink(typed, "x"), "", typed)
  }
})
