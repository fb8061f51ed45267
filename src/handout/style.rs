//! How a hand-out looks, on paper first.

/// The rules of the page; those of the pictures come behind them.
pub(super) const STYLE: &str = "
@page { size: A4; margin: 14mm 15mm; }
:root { color-scheme: light; font: 11pt/1.4 system-ui, 'Segoe UI', 'Helvetica Neue', 'Liberation Sans', sans-serif; }
body { max-width: 180mm; margin: 1.5rem auto; padding: 0 1rem; color: #111; background: #fff;
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }
h1 { font-size: 20pt; margin: 0 0 .3rem; } h2 { font-size: 14pt; margin: 1.6rem 0 .2rem; break-after: avoid; } .head { break-inside: avoid; break-after: avoid; }
p { margin: .35rem 0; } .small { color: #444; font-size: 9.5pt; } code { font-family: ui-monospace, Menlo, Consolas, monospace; }
.name { display: flex; gap: 2rem; margin: .8rem 0; } .name span, .line { display: flex; flex: 1; gap: .5rem; align-items: end; }
.name span:last-child { flex: .5; } .line { margin: .55rem 0; }
.blank { flex: 1; border-bottom: 1px solid #555; height: 1.3em; } .short { flex: none; width: 8em; }
.step { break-inside: avoid; margin: .9rem 0; overflow-wrap: anywhere; } .say { white-space: pre-line; }
.question { font-weight: 600; white-space: pre-line; }
ul { list-style: none; margin: .3rem 0; padding: 0; } li { display: flex; gap: .6rem; margin: .3rem 0; }
li::before { content: ''; flex: none; width: .95em; height: .95em; margin-top: .2em; border: 1px solid #333; border-radius: 2px; }
.order li::before { width: 1.6em; }
figure { margin: .5rem 0; } svg { display: block; width: 100%; height: auto; } svg.screen { box-sizing: border-box; border: 1px solid #bbb; border-radius: 6px; }
.answers { break-before: page; } .answers h2 { font-size: 11pt; margin: .8rem 0 .2rem; }
.answers p { font-size: 9.5pt; white-space: pre-line; overflow-wrap: anywhere; break-inside: avoid; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
";
