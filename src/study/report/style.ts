/** Styles of the report: light and dark, screen and A4. The `--chart-*` colours are those that figures ask for. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --ink: #1f2933; --soft: #52606d; --rule: #d7dde3; --shade: #f4f6f8; --link: #1c5d99; --subject: #d5e8f7; --object: #fbe3cf;
  --chart-surface: #ffffff; --chart-text: #1f2933; --chart-muted: #52606d; --chart-line: #9aa5b1; --chart-grid: #e4e7eb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14191f; --ink: #e4e7eb; --soft: #a9b4bf; --rule: #36404a; --shade: #1d242c; --link: #7cb8ee; --subject: #1d4566; --object: #5f3a1a;
    --chart-surface: #14191f; --chart-text: #e4e7eb; --chart-muted: #a9b4bf; --chart-line: #66727e; --chart-grid: #2b343d;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-behavior: smooth; }
body {
  margin: 0; background: var(--page); color: var(--ink); line-height: 1.7; font-size: 16px; word-break: keep-all; overflow-wrap: break-word;
  font-family: 'Pretendard', 'Noto Sans KR', 'Noto Sans CJK KR', 'Apple SD Gothic Neo', 'Malgun Gothic', system-ui, sans-serif;
}
main, nav { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
main { padding-bottom: 4rem; outline: none; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--page); z-index: 1; }
nav { padding-top: 1.5rem; font-size: .9rem; }
nav p { margin: 0; font-weight: 600; color: var(--soft); }
nav ol { list-style: none; margin: .5rem 0 0; padding: 0; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
h1, h2, h3, h4 { line-height: 1.3; margin: 2em 0 .6em; }
h1 { font-size: 2rem; margin-top: 1em; }
h2 { font-size: 1.5rem; padding-top: .8em; border-top: 1px solid var(--rule); }
h3 { font-size: 1.15rem; }
h4 { font-size: 1rem; }
p, ul, ol { margin: 0 0 1em; }
code, pre { font-family: 'D2Coding', 'Noto Sans Mono CJK KR', ui-monospace, 'SFMono-Regular', Menlo, Consolas, monospace; font-size: .875em; }
code { background: var(--shade); padding: .1em .3em; border-radius: 3px; }
pre { background: var(--shade); padding: 1em; border-radius: 6px; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.5; }
pre code { background: none; padding: 0; font-size: 1em; }
mark { color: inherit; padding: .1em .2em; border-radius: 3px; }
mark.subject { background: var(--subject); }
mark.object { background: var(--object); }
blockquote { margin: 0 0 1em; padding: .1em 1em; border-left: 3px solid var(--rule); color: var(--soft); }
.scroll { overflow-x: auto; margin: 0 0 1.5em; }
table { border-collapse: collapse; font-size: .9rem; line-height: 1.5; font-variant-numeric: tabular-nums; }
th, td { padding: .4em .8em; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
th { white-space: nowrap; border-bottom-width: 2px; background: var(--shade); }
.right { text-align: right; white-space: nowrap; }
.center { text-align: center; }
figure { margin: 1.5em 0; }
figure svg { display: block; max-width: 100%; height: auto; }
figcaption, .missing { font-size: .9rem; color: var(--soft); }
@media (max-width: 44rem) {
  figure { overflow-x: auto; }
  figure svg { max-width: none; }
  h1 { font-size: 1.6rem; }
}
@media (min-width: 86rem) {
  body { display: grid; grid-template-columns: 17rem minmax(0, 60rem); justify-content: center; column-gap: 2rem; }
  nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; margin: 0; }
  main { margin: 0; width: 100%; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@page { size: A4; margin: 18mm 16mm; }
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --ink: #000000; --soft: #444444; --rule: #bbbbbb; --shade: #f4f4f4; --link: #000000; --subject: #d5e8f7; --object: #fbe3cf;
    --chart-surface: #ffffff; --chart-text: #1f2933; --chart-muted: #52606d; --chart-line: #9aa5b1; --chart-grid: #e4e7eb;
  }
  body { display: block; font-size: 10pt; line-height: 1.5; }
  main, nav { max-width: none; padding: 0; }
  nav { position: static; max-height: none; }
  .skip { display: none; }
  h1, h2, h3, h4, p:has(> strong:only-child) { break-after: avoid; }
  pre { white-space: pre-wrap; }
  figure, .scroll, tr, pre, blockquote { break-inside: avoid; }
  figure svg { max-height: 240mm; width: auto; margin: 0 auto; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
  table { font-size: 8.5pt; }
  th { white-space: normal; }
  a { text-decoration: none; }
}
`;
