/** Styles of the page of graphs: light and dark, screen and print. */
export const GRAPH_STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --ink: #1f2933; --soft: #52606d; --rule: #d7dde3; --shade: #f4f6f8; --link: #1c5d99;
  --PER: #d5e8f7; --ORG: #fbe3cf; --LOC: #dcf0d8; --DAT: #ece2f7; --NOH: #f6efc4; --POH: #f9dbe4; --none: #e4e7eb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14191f; --ink: #e4e7eb; --soft: #a9b4bf; --rule: #36404a; --shade: #1d242c; --link: #7cb8ee;
    --PER: #1d4566; --ORG: #5f3a1a; --LOC: #23502a; --DAT: #453263; --NOH: #51491a; --POH: #5f2a3c; --none: #36404a;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 0 1.25rem 4rem; max-width: 75rem; background: var(--page); color: var(--ink); line-height: 1.6;
  word-break: keep-all; overflow-wrap: break-word;
  font-family: 'Pretendard', 'Noto Sans KR', 'Noto Sans CJK KR', 'Apple SD Gothic Neo', 'Malgun Gothic', system-ui, sans-serif;
}
header { display: flex; flex-wrap: wrap; gap: 1rem; align-items: baseline; justify-content: space-between; }
h1 { font-size: 1.6rem; }
h2 { font-size: 1.2rem; border-top: 1px solid var(--rule); padding-top: 1.2rem; }
input { font: inherit; padding: .3rem .6rem; color: inherit; background: var(--page); border: 1px solid var(--soft); border-radius: 4px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.picture, .scroll { overflow-x: auto; }
.picture { border: 1px solid var(--rule); border-radius: 8px; }
.graph { display: block; width: 100%; min-width: 36rem; height: auto; margin: 0 auto; font-size: 14px; }
.graph text { fill: var(--ink); text-anchor: middle; }
.graph .edge path { fill: none; stroke: var(--soft); stroke-width: 1.2; }
.graph .edge .head, .head { fill: var(--soft); }
.graph .edge text { font-size: 11px; fill: var(--soft); paint-order: stroke; stroke: var(--page); stroke-width: 4px; }
.graph .edge.uncertain path { stroke-dasharray: 5 4; }
.graph .edge:hover path, .graph .edge:focus path { stroke: var(--link); stroke-width: 2.2; }
.graph .edge:hover text, .graph .edge:focus text { fill: var(--link); font-weight: 600; }
.graph .node rect { stroke: var(--soft); fill: var(--none); }
.graph .node:hover rect, .graph .node:focus rect { stroke: var(--link); stroke-width: 2; }
.graph .type-PER rect { fill: var(--PER); } .graph .type-ORG rect { fill: var(--ORG); } .graph .type-LOC rect { fill: var(--LOC); }
.graph .type-DAT rect { fill: var(--DAT); } .graph .type-NOH rect { fill: var(--NOH); } .graph .type-POH rect { fill: var(--POH); }
.entity, mark { color: inherit; background: var(--none); padding: .1em .3em; border-radius: 3px; }
.entity.type-PER, mark.type-PER { background: var(--PER); } .entity.type-ORG, mark.type-ORG { background: var(--ORG); }
.entity.type-LOC, mark.type-LOC { background: var(--LOC); } .entity.type-DAT, mark.type-DAT { background: var(--DAT); }
.entity.type-NOH, mark.type-NOH { background: var(--NOH); } .entity.type-POH, mark.type-POH { background: var(--POH); }
.note, small { color: var(--soft); }
table { border-collapse: collapse; width: 100%; margin: 1.2rem 0; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { padding: .4em .8em; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; font-weight: 400; }
thead th { background: var(--shade); font-weight: 600; white-space: nowrap; }
.number { text-align: right; }
.sentence { min-width: 18rem; }
tr:target { background: var(--shade); outline: 2px solid var(--link); outline-offset: -2px; }
[hidden] { display: none; }
@media print { body { max-width: none; } header label { display: none; } tr, .picture { break-inside: avoid; } }
`;
