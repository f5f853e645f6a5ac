import assert from "node:assert/strict";
import { test } from "node:test";

import { embedCode, permalink } from "../../webmap/static/js/share.js";

test("the permalink says the language and stays readable", () => {
  const view = "https://atlas.example/?couches=qpv%2Cvoies&lieu=x#reste";
  assert.equal(permalink(view, "fr"), "https://atlas.example/?couches=qpv,voies&lieu=x&lang=fr");
  assert.equal(permalink("https://atlas.example/?lang=fr", "en"), "https://atlas.example/?lang=en");
});

test("the embed code shows the same view and cannot break out of its attributes", () => {
  const code = embedCode("https://a.example/p/integrer?lang=fr", 'https://a.example/p/?lieu=x&lang=en', 'A "b" <c>');
  assert.match(code, /^<iframe src="https:\/\/a\.example\/p\/integrer\?lieu=x&amp;lang=en" /);
  assert.match(code, /title="A &quot;b&quot; &lt;c&gt;"/);
});
