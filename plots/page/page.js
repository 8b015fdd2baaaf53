/* page.js - the timeline of report.html: its panels, what they show of which
 * pool, zoom, cursor, keys, and the same as a table.
 */
"use strict";
(function () {
    const data = JSON.parse(
        document.getElementById("timeline-data").textContent);
    const byId = (id) => document.getElementById("timeline-" + id);
    const section = document.getElementById("timeline");
    const plot = byId("plot");
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const from = data.from_s, until = data.from_s + data.width_s;
    const step = data.width_s / data.points;
    const paired = data.sides.length > 1;
    const TABLE_ROWS = 24, ZOOM = 2, LEAST_VIEW_S = Math.min(10, data.width_s);
    const DRAWN = 1000; /* columns of the view, for screens are not wider */

    /* What is shown; view is [from, until] in seconds. */
    const state = {
        pool: "",
        shown: new Set(data.levels.filter((l) => l.shown).map((l) => l.key)),
        view: [from, until],
    };
    let lines = [];  /* of the pool: {level, side, ys} */
    let panels = []; /* {own: its lines, plot: a uPlot} */

    /* -------------------------------------------------------- the data */

    function poolNames() {
        const names = new Set();
        for (const side of [...data.sides].reverse())
            for (const pool of side.pools)
                names.add(pool.name);
        return [...names];
    }

    /* Runs of equal points as points; NaN where the history has ended. */
    function expand(runs, unit) {
        const ys = new Float64Array(data.points).fill(NaN);
        for (let i = 0, k = 0; i < runs.length; i += 2) {
            ys.fill(runs[i] * unit, k, k + runs[i + 1]);
            k += runs[i + 1];
        }
        return ys;
    }

    function load(name) {
        state.pool = name;
        lines = [];
        for (const level of data.levels)
            data.sides.forEach((side, i) => {
                const pool = side.pools.find((p) => p.name === name);
                const runs = pool ? pool[level.key] : [0, data.points];
                lines.push({level, side: i, ys: expand(runs, level.unit)});
            });
    }

    /* Where the lowest and the highest of the points [i, k) are; or null. */
    function extremes(ys, i, k) {
        let low = i, high = i;
        for (let j = i + 1; j < k; j++) {
            if (ys[j] < ys[low])
                low = j;
            if (ys[j] > ys[high])
                high = j;
        }
        return ys[low] === ys[low] ? [low, high] : null;
    }

    function range(ys, i, k) {
        const at = extremes(ys, i, k);
        return at && at.map((j) => ys[j]);
    }

    const time = (point) => from + point * step;

    function index(s) {
        const i = Math.floor((s - from) / step);
        return Math.max(0, Math.min(data.points - 1, i));
    }

    /* The columns that [a, b] touches; a column is two points. */
    function columns(a, b) {
        return [index(a) & ~1, (index(b) | 1) + 1];
    }

    /* The points of the view, joined so that nobody draws more than fit on a
     * screen: two a column again, in the order in which they came.
     */
    function drawn(own) {
        const [first, end] = columns(...state.view);
        const n = Math.min(DRAWN, (end - first) / 2);
        const all = [[]].concat(own.map(() => []));
        for (let c = 0; c <= n; c++) {
            const i = first + 2 * Math.floor(c * (end - first) / 2 / n);
            const k = first + 2 * Math.floor((c + 1) * (end - first) / 2 / n);
            all[0].push(time(i));
            if (c < n)
                all[0].push(time((i + k) / 2));
            own.forEach((l, j) => all[j + 1].push(...(c < n ?
                inOrder(l.ys, i, k) : inOrder(l.ys, i - 1, i).slice(1))));
        }
        return all;
    }

    function inOrder(ys, i, k) {
        const at = extremes(ys, i, k);
        return at ? at.sort((a, b) => a - b).map((j) => ys[j]) : [null, null];
    }

    /* -------------------------------------------------------- words */

    function say(level, x) {
        const digits = level.unit < 1 ? 2 : 0;
        const text = x.toLocaleString("en-US", {
            minimumFractionDigits: digits, maximumFractionDigits: digits});
        return digits > 0 ? "$" + text : text;
    }

    function sayRange(level, r) {
        if (!r)
            return "–";
        const [low, high] = [say(level, r[0]), say(level, r[1])];
        return low === high ? low : low + "–" + high;
    }

    function sayTime(s) {
        if (!data.absolute)
            return sayUnit(s, s < 120 ? 1 : s < 7200 ? 60 : 3600, 2);
        const text = new Date(Math.round(s) * 1000).toUTCString();
        return text.replace(",", "").replace("GMT", "UTC");
    }

    function sayUnit(s, unit, digits) {
        const names = {1: "s", 60: "min", 3600: "h", 86400: "d"};
        return +(s / unit).toFixed(digits) + " " + names[unit];
    }

    function sideName(side) {
        return paired ? ", " + data.sides[side].name : "";
    }

    /* -------------------------------------------------------- colours */

    function luminance(rgb) {
        const [r, g, b] = rgb.map((c) => {
            c /= 255;
            return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    }

    /* As it is; before a dark ground lighter, until it stands out by 4.5. */
    function colour(hex, alpha) {
        let rgb = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
        while (dark.matches && luminance(rgb) + 0.05 < 4.5 * (0.009 + 0.05))
            rgb = rgb.map((c) => Math.round(c + 0.1 * (255 - c)));
        return "rgba(" + rgb.join(",") + "," + (alpha || 1) + ")";
    }

    function css(name) {
        return getComputedStyle(section).getPropertyValue(name).trim();
    }

    /* -------------------------------------------------------- panels */

    const MINUTE = 60, HOUR = 3600, DAY = 86400;
    const steps = [1, 2, 5, 10, 15, 30].concat(
        [1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
        [1, 2, 3, 6, 12].map((n) => n * HOUR),
        [1, 2, 3, 5, 7, 14, 28, 56, 91, 182, 364].map((n) => n * DAY));

    function tick(s, increment, before) {
        if (!data.absolute) {
            const unit = [DAY, HOUR, MINUTE, 1].find((u) => increment >= u);
            return sayUnit(s, unit || 1, 1);
        }
        const iso = new Date(Math.round(s) * 1000).toISOString();
        const [day, clock] = [iso.slice(0, 10), iso.slice(11, 19)];
        if (increment >= DAY)
            return day.slice(5);
        const text = increment >= MINUTE ? clock.slice(0, 5) : clock;
        const old = before === undefined ? "" :
            new Date(Math.round(before) * 1000).toISOString().slice(0, 10);
        return day === old ? text : text + "\n" + day.slice(5);
    }

    function timeAxis(marked) {
        return {
            scale: "x", stroke: css("--soft"), size: marked ? 44 : 10,
            incrs: steps, space: 70,
            grid: {stroke: css("--line"), width: 1},
            ticks: {stroke: css("--line"), size: marked ? 6 : 0},
            values: (u, at, axis, space, increment) => at.map((s, i) =>
                marked ? tick(s, increment, at[i - 1]) : ""),
        };
    }

    function seriesOf(line) {
        const level = line.level, old = paired && line.side === 0;
        const area = ["demand", "waiting"].includes(level.key) && !old;
        return {
            label: level.label + sideName(line.side), scale: "y",
            stroke: colour(level.colour, old ? 0.75 : 1),
            width: old ? 1.25 : 1.5, dash: old ? [5, 4] : undefined,
            fill: area ? colour(level.colour, 0.25) : undefined,
            paths: uPlot.paths.stepped({align: 1}), points: {show: false},
            spanGaps: false,
        };
    }

    function options(title, own, marked) {
        const high = title === data.levels[0].panel ? 260 : 90;
        return {
            width: plot.clientWidth, height: high + (marked ? 44 : 10),
            legend: {show: false},
            padding: [8, 24, 0, 0],
            scales: {
                x: {time: false, range: () => state.view},
                y: {range: (u, low, top) => [0, (top || 1) * 1.06]},
            },
            axes: [timeAxis(marked), {
                scale: "y", label: title, labelSize: 18, size: 46,
                stroke: css("--soft"), labelFont: "12px sans-serif",
                grid: {stroke: css("--line"), width: 1},
                ticks: {show: false}, space: 26,
                incrs: title.startsWith("$") ? undefined : counts,
            }],
            series: [{}].concat(own.map(seriesOf)),
            cursor: {
                y: false, sync: {key: "timeline", setSeries: false},
                drag: {x: true, y: false, setScale: false},
                bind: {dblclick: () => () => show(from, until)},
            },
            hooks: {setCursor: [onCursor], setSelect: [onSelect]},
        };
    }

    const counts = [1, 2, 5].concat(
        ...[1, 2, 3, 4, 5, 6].map((e) => [1, 2, 5].map((n) => n * 10 ** e)));

    function isOpen(title) {
        return data.levels.some(
            (l) => l.panel === title && state.shown.has(l.key));
    }

    function build() {
        const titles = [...new Set(data.levels.map((l) => l.panel))];
        const open = titles.filter(isOpen);
        for (const p of panels)
            p.plot.destroy();
        panels = open.map((title, i) => {
            const own = lines.filter((l) =>
                l.level.panel === title && state.shown.has(l.level.key));
            const o = options(title, own, i === open.length - 1);
            return {own, plot: new uPlot(o, drawn(own), plot)};
        });
        describe(null);
    }

    /* -------------------------------------------------------- the view */

    function show(a, b) {
        const width = Math.max(LEAST_VIEW_S, Math.min(until - from, b - a));
        a = Math.max(from, Math.min(until - width, a));
        state.view = [a, a + width];
        for (const p of panels) {
            p.plot.setData(drawn(p.own));
            p.plot.setSelect({left: 0, width: 0, top: 0, height: 0}, false);
        }
        describe(null);
    }

    function zoom(factor, at) {
        const [a, b] = state.view;
        show(at - (at - a) / factor, at + (b - at) / factor);
    }

    function pan(share) {
        const [a, b] = state.view, off = share * (b - a);
        show(a + off, b + off);
    }

    /* Of all sides; of equal ones the first. */
    function worst() {
        let most = 0, when = 0;
        for (const l of lines.filter((x) => x.level.key === "waiting")) {
            const i = extremes(l.ys, 0, l.ys.length)[1];
            if (l.ys[i] > most)
                [most, when] = [l.ys[i], time(i)];
        }
        if (most > 0)
            show(when - 1.5 * HOUR, when + 2.5 * HOUR);
        else
            byId("when").textContent = byId("said").textContent =
                "Nobody waits in " + state.pool + ".";
    }

    function onSelect(u) {
        if (u.select.width > 4)
            show(u.posToVal(u.select.left, "x"),
                u.posToVal(u.select.left + u.select.width, "x"));
    }

    /* -------------------------------------------------------- the cursor */

    let at = null; /* seconds, or null */

    function onCursor(u) {
        const left = u.cursor.left;
        if (!panels.length || u !== panels[0].plot || left === undefined)
            return;
        describe(left < 0 ? null : u.posToVal(left, "x"));
    }

    function putCursor(s) {
        for (const p of panels)
            p.plot.setCursor({left: s === null ? -10 :
                p.plot.valToPos(s, "x"), top: 5});
        describe(s);
    }

    /* The values at an instant, or in the whole view, beside their switches. */
    function describe(s) {
        const [i, k] = s === null ? columns(...state.view) : columns(s, s);
        at = s;
        byId("when").textContent = s !== null ? sayTime(s) :
            sayTime(state.view[0]) + " to " + sayTime(state.view[1]) +
            ": lowest–highest";
        for (const button of byId("series").children) {
            const own = lines.filter((l) => l.level.key === button.dataset.key);
            button.lastChild.textContent = own.map(
                (l) => sayRange(l.level, range(l.ys, i, k))).join(" → ");
        }
        section.dataset.from = state.view[0];
        section.dataset.until = state.view[1];
        if (s === null && byId("table").open)
            tabulate();
    }

    function speak() {
        const words = [...byId("series").children].filter(
            (b) => state.shown.has(b.dataset.key)).map((b) => b.textContent);
        byId("said").textContent = [byId("when").textContent]
            .concat(words).join("; ");
    }

    /* -------------------------------------------------------- the table */

    function element(tag, text, attributes) {
        const e = document.createElement(tag);
        e.textContent = text;
        for (const name in attributes)
            e.setAttribute(name, attributes[name]);
        return e;
    }

    function tableRow(own, i) {
        const [a, b] = state.view, width = (b - a) / TABLE_ROWS;
        const start = a + i * width, row = element("tr", "");
        const [first, last] = columns(start, start + width - step / 2);
        row.append(element("th", sayTime(start), {scope: "row"}));
        for (const l of own) {
            const r = range(l.ys, first, last);
            row.append(element("td", r ? say(l.level, r[1]) : "–",
                {"class": "number"}));
        }
        return row;
    }

    function tabulate() {
        const own = lines.filter((l) => state.shown.has(l.level.key));
        const wide = element("div", "", {"class": "wide", tabindex: 0});
        const table = element("table", ""), head = element("tr", "");
        head.append(element("th", "from", {scope: "col"}));
        for (const l of own)
            head.append(element("th", l.level.label + sideName(l.side),
                {scope: "col", "class": "number"}));
        table.append(element("caption", "Pool " + state.pool +
            ": highest value in each of " + TABLE_ROWS +
            " equal parts of the view"), head);
        for (let i = 0; i < TABLE_ROWS; i++)
            table.append(tableRow(own, i));
        wide.append(table);
        byId("table").replaceChildren(byId("table").firstElementChild, wide);
    }

    /* -------------------------------------------------------- controls */

    function makeSwitch(level) {
        const button = element("button", "", {type: "button"});
        const mark = element("span", "", {"class": "mark"});
        button.dataset.key = level.key;
        button.append(mark, element("span", level.label + " "),
            element("b", ""));
        button.addEventListener("click", () => {
            if (!state.shown.delete(level.key))
                state.shown.add(level.key);
            paint();
            build();
        });
        byId("series").append(button);
    }

    function paint() {
        for (const button of byId("series").children) {
            const key = button.dataset.key;
            const level = data.levels.find((l) => l.key === key);
            button.setAttribute("aria-pressed", state.shown.has(key));
            button.firstChild.style.background = colour(level.colour);
        }
    }

    const middle = () => at === null ? (state.view[0] + state.view[1]) / 2 : at;
    const actions = {
        all: () => show(from, until),
        worst,
        in: () => zoom(ZOOM, middle()),
        out: () => zoom(1 / ZOOM, middle()),
        earlier: () => pan(-0.5),
        later: () => pan(0.5),
    };

    function move(share) {
        const [a, b] = state.view;
        putCursor(Math.max(a, Math.min(b, middle() + share * (b - a))));
        speak();
    }

    const keys = {
        ArrowLeft: (e) => e.shiftKey ? pan(-0.25) : move(-0.01),
        ArrowRight: (e) => e.shiftKey ? pan(0.25) : move(0.01),
        "+": actions.in, "=": actions.in, "-": actions.out,
        0: actions.all, Escape: () => putCursor(null),
    };

    function onKey(e) {
        if (e.ctrlKey || e.metaKey || e.altKey || !keys[e.key])
            return;
        e.preventDefault();
        keys[e.key](e);
    }

    /* One finger is the cursor, two are zoom. */
    let grip = null; /* where the fingers hold the view, in seconds */

    function onTouch(e) {
        const u = panels.length && panels[0].plot;
        if (!u || e.touches.length > 2)
            return;
        const edge = u.over.getBoundingClientRect();
        const held = [...e.touches]
            .map((t) => (t.clientX - edge.left) / edge.width)
            .sort((p, q) => p - q);
        const [a, b] = state.view, seconds = held.map((h) => a + h * (b - a));
        if (held.length < 2)
            putCursor(Math.max(a, Math.min(b, seconds[0])));
        else if (e.type === "touchstart" || !grip)
            grip = seconds;
        else if (held[1] - held[0] > 0.02) {
            const width = (grip[1] - grip[0]) / (held[1] - held[0]);
            show(grip[0] - held[0] * width, grip[0] + (1 - held[0]) * width);
        }
        if (held.length > 1 && e.cancelable)
            e.preventDefault();
    }

    function listen() {
        byId("pool").addEventListener("change", (e) => {
            load(e.target.value);
            build();
        });
        for (const button of section.querySelectorAll("[data-do]"))
            button.addEventListener("click", actions[button.dataset.do]);
        plot.addEventListener("keydown", onKey);
        plot.addEventListener("touchstart", onTouch, {passive: true});
        plot.addEventListener("touchmove", onTouch, {passive: false});
        plot.addEventListener("touchend", () => { grip = null; });
        byId("table").addEventListener("toggle", () => describe(at));
        dark.addEventListener("change", () => { paint(); build(); });
        new ResizeObserver(() => {
            for (const p of panels)
                p.plot.setSize(
                    {width: plot.clientWidth, height: p.plot.height});
        }).observe(plot);
    }

    function start() {
        for (const name of poolNames())
            byId("pool").append(element("option", name, {value: name}));
        data.levels.forEach(makeSwitch);
        byId("how").textContent =
            (paired ? "dashed: base, solid: head; " : "") + "first replication";
        load(poolNames()[0]);
        paint();
        build();
        listen();
    }

    start();
})();
