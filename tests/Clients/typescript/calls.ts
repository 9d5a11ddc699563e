// Ten calls as an integrating system makes them, with nothing but the generated types. Each line that is printed is one call.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { paths } from "./api.js";

const api = createClient<paths>({ baseUrl: process.env.API! });
const token = { Authorization: `Bearer ${process.env.TOKEN}` };
const called = (what: string) => console.log(`called ${what}`);

const library = await api.GET("/api/v1/library", { params: { query: { q: "供热", kind: "normative", sort: "publishedOn" } } });
const found = library.data?.items.find((item) => item.publicRevisions > 1);
assert(found, "The samples have a document that was amended.");
called("searchLibrary");
const id = found.id;

const document = await api.GET("/api/v1/documents/{id}", { params: { path: { id } } });
assert.equal(document.data?.state, "published");
assert(document.response.headers.get("ETag"));
called("readDocument");

const history = await api.GET("/api/v1/documents/{id}/history", { params: { path: { id }, query: { pageSize: 2 } } });
assert.equal(history.data?.items.length, 2);
called("readHistory");

const comparison = await api.GET("/api/v1/documents/{id}/comparison", { params: { path: { id }, query: { from: 3, to: 4 } } });
// The same address also answers as a page or as text, to those who ask for it.
assert(typeof comparison.data === "object");
assert(comparison.data.articles.some((article) => article.change === "modified"));
called("compareRevisions");

const text = await api.GET("/api/v1/documents/{id}/revisions/current", { params: { path: { id } } });
assert(typeof text.data === "object" && text.data.blocks.length > 0);
called("readCurrentRevision");

// README's own example.
const draft = await api.POST("/api/v1/documents", {
  body: { title: "关于做好供热准备工作的通知", text: "各镇人民政府：\n请于11月15日前做好供热准备。" },
  headers: { ...token, "Idempotency-Key": crypto.randomUUID() },
});
assert.equal(draft.response.status, 201);
called("createDraft");

const revised = await api.POST("/api/v1/documents/{id}/revisions", {
  params: { path: { id: draft.data!.id } },
  body: { text: "各镇人民政府：\n请于11月10日前做好供热准备。", changeNote: "提前", significance: "minor" },
  headers: token,
});
assert.equal(revised.data?.revision, 2);
called("recordRevision");

const subscribed = await api.POST("/api/v1/subscriptions", { body: { channel: "atom", filter: { q: "供热" } } });
assert.equal(subscribed.response.status, 201);
called("subscribe");

const answers = await api.POST("/api/v1/questions/answer", { body: { question: "家里太冷，暖气费能退吗？" } });
assert.equal(answers.response.status, 200);
called("findAnswers");

const nothing = await api.GET("/api/v1/documents/{id}", { params: { path: { id: crypto.randomUUID() } } });
assert.equal(nothing.error?.code, "document.notFound");
called("readDocument of none");
