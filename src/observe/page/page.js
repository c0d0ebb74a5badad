"use strict";
// Shows the recording of a Trace. All text is inserted as textContent: data from databases is never treated as markup.
(() => {
    const trace = JSON.parse(document.getElementById("trace").textContent);
    const at = (id) => document.getElementById(id);
    const runs_at_once = 50; // rows of runs that are added when a statement is unfolded
    const plan = { search: "", order: "repeats", repeated: false, path: null };

    // --- Making elements ---

    function make(name, properties = {}, ...children) {
        const element = document.createElement(name);
        for (const [key, value] of Object.entries(properties)) {
            if (value === undefined || value === false) continue;
            if (key === "class") element.className = value;
            else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
            else element.setAttribute(key, value === true ? "" : value);
        }
        element.append(...children.filter((child) => child !== null && child !== undefined));
        return element;
    }

    function drawing(class_name, width, height, shapes) {
        const space = "http://www.w3.org/2000/svg";
        const svg = document.createElementNS(space, "svg");
        svg.setAttribute("class", class_name);
        svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
        svg.setAttribute("preserveAspectRatio", "none");
        svg.setAttribute("aria-hidden", "true");
        for (const [shape_class, d] of shapes) {
            const path = document.createElementNS(space, "path");
            if (shape_class) path.setAttribute("class", shape_class);
            path.setAttribute("d", d);
            svg.append(path);
        }
        return svg;
    }

    // --- Numbers for people ---

    const grouped = (number) => number.toLocaleString("en");
    const times = (number) => (number === 1 ? "Once" : `${grouped(number)} times`);
    const counted = (number, noun) => `${grouped(number)} ${noun}${number === 1 ? "" : "s"}`;

    /** Nanoseconds, as a number and its unit. */
    function parts_of_time(time) {
        if (time < 1e6) return [grouped(Math.round(time / 1e3)), "µs"];
        if (time < 1e7) return [(time / 1e6).toFixed(2), "ms"];
        if (time < 1e9) return [(time / 1e6).toFixed(1), "ms"];
        return [grouped(Math.round(time / 1e7) / 100), "s"];
    }
    const as_time = (time) => parts_of_time(time).join(" ");

    function as_bytes(bytes) {
        if (bytes < 1000) return `${bytes} B`;
        if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
        return `${(bytes / 1e6).toFixed(1)} MB`;
    }

    // --- The statements, their runs, their paths ---

    const statements = trace.statements.map((statement, index) => ({ ...statement, index, kept: [], unfolded: 0 }));
    for (const run of trace.runs) statements[run.statement].kept.push(run);
    for (const statement of statements) {
        statement.first = statement.kept.length ? statement.kept[0].start : Infinity;
        statement.text = [statement.sql, statement.lookup, ...new Set(statement.kept.map((run) => run.source))]
            .join("\n").toLowerCase();
    }
    // Statements that open and end transactions: shown, but not counted.
    const control = { index: statements.length, is_control: true, lookup: null, sql: "", text: "transaction control", runs: trace.control.length,
        rows: 0, bytes: 0, time: trace.control.reduce((sum, run) => sum + run.duration, 0), failed: trace.control.filter((run) => run.failed).length,
        kept: trace.control.map((run) => ({ rows: 0, parameters: [run.sql], ...run })), first: Infinity, unfolded: 0 };
    const everything = [...trace.runs, ...trace.control];
    const begin = everything.reduce((least, run) => Math.min(least, run.start), Infinity);
    const end = everything.reduce((most, run) => Math.max(most, run.start + run.duration), 0);
    const span = Math.max(end - begin, 1);

    const paths = new Map();
    for (const statement of statements) {
        const path = paths.get(statement.lookup) ??
            { name: statement.lookup, index: paths.size, runs: 0, rows: 0, bytes: 0, time: 0, statements: 0 };
        paths.set(statement.lookup, path);
        path.statements += 1;
        for (const figure of ["runs", "rows", "bytes", "time"]) path[figure] += statement[figure];
    }
    const total = (figure) => statements.reduce((sum, statement) => sum + statement[figure], 0);
    const color_of = (lookup) => lookup === null ? "control" : `path-${paths.get(lookup).index % 7}`;

    /** A lookup path, with its start in a lighter colour. */
    function path_name(lookup) {
        if (lookup === null) return make("span", { class: "path main" }, "transaction control");
        if (lookup === "") return make("span", { class: "path main" }, "main statement");
        const cut = lookup.lastIndexOf("__");
        if (cut < 0) return make("span", { class: "path" }, lookup);
        return make("span", { class: "path" }, make("span", { class: "above" }, lookup.slice(0, cut + 2)), lookup.slice(cut + 2));
    }
    const dot = (lookup) => make("span", { class: `dot ${color_of(lookup)}`, "aria-hidden": "true" });

    // --- SQL ---

    const clause = /^(SELECT|FROM|WHERE|(?:INNER |LEFT OUTER |LEFT |CROSS )?JOIN|GROUP BY|HAVING|ORDER BY|LIMIT|OFFSET|UNION(?: ALL)?|VALUES|SET|RETURNING|ON CONFLICT|ON DUPLICATE KEY UPDATE|INSERT INTO|UPDATE|DELETE FROM)$/i;
    const inner_clause = /^(AND|OR|ON)$/i;
    const token = /('(?:[^']|'')*'?)|("(?:[^"]|"")*"?|`(?:[^`]|``)*`?)|(\b(?:(?:INNER |LEFT OUTER |LEFT |CROSS )?JOIN|GROUP BY|ORDER BY|PARTITION BY|UNION(?: ALL)?|INSERT INTO|DELETE FROM|ON CONFLICT|ON DUPLICATE KEY UPDATE|SELECT|DISTINCT|FROM|WHERE|HAVING|LIMIT|OFFSET|VALUES|UPDATE|SET|RETURNING|AND|OR|NOT|ON|AS|IN|IS|NULL|LIKE|ESCAPE|EXISTS|BETWEEN|CASE|WHEN|THEN|ELSE|END|OVER|ASC|DESC|WITH|ANY|CAST)\b)|(\?\d*|\$\d+|\b\d+(?:\.\d+)?\b)|([()])|(\s+)|([^\s()'"`?$]+?(?=[\s()'"`?$]|\b|$)|.)/gisy;

    function tokens_of(sql) {
        token.lastIndex = 0;
        const found = [];
        let match;
        while (token.lastIndex < sql.length && (match = token.exec(sql)) !== null) {
            const kind = ["string", "name", "keyword", "value", "bracket", "blank", "other"][match.slice(1).findIndex((part) => part !== undefined)];
            found.push({ kind, text: match[0] });
        }
        return found;
    }

    /** The statement, one clause per line. */
    function formatted(sql) {
        const block = make("pre", { class: "sql" });
        let depth = 0;
        let line = null;
        for (const { kind, text } of tokens_of(sql)) {
            const word = kind === "keyword" && depth === 0;
            if (line === null || (word && (clause.test(text) || inner_clause.test(text)))) {
                line = make("span", { class: word && inner_clause.test(text) ? "clause inner" : "clause" });
                block.append(line);
            }
            if (text === "(") depth += 1;
            if (text === ")") depth -= 1;
            const styled = kind === "keyword" || kind === "string" || kind === "value";
            line.append(styled ? make("span", { class: kind }, text) : text);
        }
        return block;
    }

    /** One line that distinguishes the statement: no column list, no quotes around plain names. */
    function shortened(sql) {
        let depth = 0;
        let hidden = false;
        let text = "";
        for (const token of tokens_of(sql)) {
            if (token.text === "(") depth += 1;
            if (token.text === ")") depth -= 1;
            if (depth === 0 && token.kind === "keyword" && /^FROM$/i.test(token.text)) hidden = false;
            if (!hidden) {
                const plain = token.kind === "name" && /^["`]\w+["`]$/.test(token.text);
                text += plain ? token.text.slice(1, -1) : token.kind === "blank" ? " " : token.text;
            }
            if (depth === 0 && token.kind === "keyword" && /^SELECT$/i.test(token.text) && text === token.text) {
                hidden = true;
                text += " … ";
            }
        }
        if (hidden) return sql.slice(0, 300);
        // Keys sent as one parameter are joined first; the table that they select from is more informative.
        return text.replace(/\bFROM (?:(?!JOIN ).)* AS kith_key (?:\w+ )*?\w*JOIN /, "FROM ").slice(0, 300);
    }

    // --- Summary, findings, paths ---

    /** The time in which at least one statement was running: those of a stream and of its chunks overlap. */
    function time_in_statements() {
        if (trace.runs.length < total("runs")) return Math.min(total("time"), trace.duration);
        let time = 0;
        let reached = 0;
        for (const run of [...trace.runs].sort((a, b) => a.start - b.start)) {
            time += Math.max(run.start + run.duration - Math.max(run.start, reached), 0);
            reached = Math.max(reached, run.start + run.duration);
        }
        return time;
    }

    function show_summary() {
        const repeated = statements.filter((statement) => statement.runs > 1);
        const failed = total("failed");
        const [time, unit] = parts_of_time(time_in_statements());
        const tile = (name, figure, more, kind = "") => make("div", { class: kind }, make("dt", {}, name),
            make("dd", { class: "figure" }, ...figure), make("dd", { class: "more" }, ...more));
        at("summary").append(
            tile("Statements", [grouped(total("runs"))], [
                repeated.length ? `${grouped(statements.length)} different, ${grouped(repeated.length)} repeated` :
                    statements.length ? "none of them repeated" : "nothing was asked",
                failed ? make("span", { class: "bad" }, `, ${grouped(failed)} failed`) : null]),
            tile("Rows", [grouped(total("rows"))], [total("bytes") ? `${as_bytes(total("bytes"))} received` : `by ${counted(paths.size, "path")}`]),
            tile("Time in statements", [time, make("small", {}, unit)], [`of ${as_time(trace.duration)} recorded`]),
            tile("Findings", [grouped(trace.findings.length)], [["nothing to mend", "with its remedy"][trace.findings.length] ?? "with a remedy each"],
                trace.findings.length ? "warn" : ""));
        document.title = `${trace.title} · Kith trace`;
        at("title").textContent = trace.title;
        const database = trace.database.replace(/^(sqlite:).*\//, "$1"); // only the file name, without its folder
        const facts = [database, new Date(trace.recorded).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" }),
            `Kith ${trace.version}`];
        if (trace.redacted) facts.push("without the values of parameters");
        at("about").textContent = facts.filter(Boolean).join(" · ");
    }

    function copy_button(text, label) {
        const button = make("button", { type: "button", onclick: async () => {
            try {
                await navigator.clipboard.writeText(text);
                button.textContent = "Copied";
            } catch {
                button.textContent = "Not allowed here";
            }
            setTimeout(() => { button.textContent = label; }, 1600);
        } }, label);
        return button;
    }

    const finding_texts = {
        row_by_row: (f) => ["loaded row by row", `${counted(f.times, "row")}, ${counted(f.statements, "statement")}. Add to the QuerySet that loads ${f.model}:`],
        repeated_statement: (f) => ["ran again and again", `${times(f.times)}. Load all rows at once:`],
        unread_prefetch: (f) => ["prefetched and never read", `${times(f.times)}. Leave out:`],
    };

    /** Shows only the statements behind a finding. */
    function look_at(finding) {
        const last = (lookup) => lookup.slice(lookup.lastIndexOf("__") + 1).replace(/^_/, "");
        const found = finding.sql ? statements.find((statement) => statement.sql === finding.sql) :
            statements.find((statement) => last(statement.lookup) === finding.member);
        at("search").value = plan.search = finding.sql || !found ? finding.sql ?? "" : "";
        plan.path = finding.sql || !found ? null : found.lookup;
        at("repeated").checked = plan.repeated = false;
        refresh();
        if (found) choose(`s${found.index}`, true);
    }

    function show_findings() {
        const place = at("findings");
        if (trace.findings.length === 0) {
            place.append(make("p", { class: "well" }, make("span", {}, "Nothing was loaded row by row, no statement ran again and again, and every prefetch was read.")));
        }
        for (const finding of trace.findings) {
            const [what, text] = finding_texts[finding.kind](finding);
            const is_line = finding.kind !== "repeated_statement"; // otherwise there is more than one remedy
            const name = finding.member ? make("code", {}, `${finding.model}.${finding.member}`) : "A statement";
            place.append(make("article", { class: "finding" },
                make("h3", {}, name, " ", make("span", { class: "what" }, what)),
                finding.sql ? make("p", { class: "statement" }, make("code", {}, shortened(finding.sql))) : null,
                make("p", {}, is_line ? text : `${text} ${finding.remedy}`),
                make("div", { class: "remedy" }, is_line ? make("code", {}, finding.remedy) : null, is_line ? copy_button(finding.remedy, "Copy") : null,
                    make("button", { type: "button", onclick: () => look_at(finding) }, "Show the statements"))));
        }
    }

    function show_paths() {
        const has_bytes = total("bytes") > 0;
        const whole = Math.max(total("time"), 1);
        const body = make("tbody");
        for (const path of paths.values()) {
            const button = make("button", { type: "button", "aria-pressed": "false", onclick: () => {
                plan.path = plan.path === path.name ? null : path.name;
                refresh();
            } }, dot(path.name), path_name(path.name));
            path.button = button;
            const wide = (path.time / whole) * 1000;
            body.append(make("tr", {}, make("td", {}, button), make("td", { class: "number" }, grouped(path.runs)),
                make("td", { class: "number" }, grouped(path.rows)), has_bytes ? make("td", { class: "number bytes" }, as_bytes(path.bytes)) : null,
                make("td", { class: "number time" }, as_time(path.time)),
                make("td", { class: `share ${color_of(path.name)}` }, drawing("meter", 1000, 8, [["track", "M0 3h1000v2H0z"], ["", `M0 0h${Math.max(wide, 2)}v8H0z`]]))));
        }
        const head = (text, kind) => make("th", { scope: "col", class: kind }, text);
        at("paths").append(make("thead", {}, make("tr", {}, head("Path", ""), head("Statements", "number"), head("Rows", "number"),
            has_bytes ? head("Bytes", "number bytes") : null, head("Time", "number time"), head("Share of the time", "share"))), body);
        at("paths").closest("section").hidden = paths.size === 0;
    }

    // --- The waterfall ---

    const chosen_runs = () => {
        const words = plan.search.toLowerCase().split(/\s+/).filter(Boolean);
        const whole = plan.search.trim().toLowerCase();
        const holds = (text) => text.includes(whole) || words.every((word) => text.includes(word));
        return (statement) => {
            if (whole === "" || holds(statement.text)) return statement.kept;
            return statement.kept.filter((run) => holds(`${statement.text}\n${run.parameters.join("\n")}`.toLowerCase()));
        };
    };

    const orders = {
        repeats: (a, b) => (b.runs > 1 || a.runs > 1 ? b.runs - a.runs : 0) || a.first - b.first,
        start: (a, b) => a.first - b.first,
        path: (a, b) => paths.get(a.lookup).index - paths.get(b.lookup).index || a.first - b.first,
        time: (a, b) => b.time - a.time,
        rows: (a, b) => b.rows - a.rows || a.first - b.first,
    };

    /** The runs as one shape, 1,000 wide; those that would touch are drawn as one. */
    function bars(runs) {
        let d = "";
        let left = -1;
        let right = -1;
        const close = () => { if (right >= 0) d += `M${left.toFixed(1)} 0H${right.toFixed(1)}V10H${left.toFixed(1)}z`; };
        for (const run of runs) {
            const from = ((run.start - begin) / span) * 1000;
            const to = Math.min(Math.max(((run.start + run.duration - begin) / span) * 1000, from + 4), 1003);
            if (right >= 0 && from <= right + 0.5) {
                right = Math.max(right, to);
                continue;
            }
            close();
            [left, right] = [from, to];
        }
        close();
        return drawing("bars", 1000, 10, [["", d]]);
    }

    function show_axis() {
        const marks = Math.max(2, Math.floor(at("axis").clientWidth / 64));
        const rough = span / marks;
        const power = 10 ** Math.floor(Math.log10(rough));
        const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
        at("axis").replaceChildren();
        at("waterfall").style.setProperty("--step", `${(step / span) * 100}%`);
        for (let tick = 0; tick <= span * 0.93; tick += step) {
            const mark = make("span", {}, tick === 0 ? "0" : as_time(tick).replace(/\.0+ /, " "));
            mark.style.left = `${(tick / span) * 100}%`;
            at("axis").append(mark);
        }
    }

    let visible = []; // the rows that exist: {id, level, statement, runs, run, element}
    let current = null; // the id of the chosen row

    function number_cell(text, kind, unit) {
        return make("td", { role: "gridcell", class: `number ${kind}`, "data-unit": unit }, text);
    }

    function statement_row(statement, runs) {
        const open = statement.unfolded > 0;
        const can_open = runs.length > 1;
        const fold = can_open ? make("button", { class: "fold", type: "button", tabindex: "-1", "aria-hidden": "true" }, open ? "▼" : "▶") : make("span", { class: "fold" });
        const kind = `${color_of(statement.lookup)}${statement.failed ? " failing" : ""}`;
        const element = make("tr", { role: "row", "aria-level": "1", "aria-expanded": can_open ? String(open) : undefined, class: `statement ${kind}` },
            make("td", { role: "gridcell", class: "name" }, make("div", { class: "label" }, fold,
                make("span", { class: "title" }, dot(statement.lookup), path_name(statement.lookup),
                    statement.runs > 1 ? make("span", { class: statement.is_control ? "badge calm" : "badge" }, `× ${grouped(statement.runs)}`) : null,
                    statement.failed ? make("span", { class: "failed" }, statement.runs > 1 ? `${grouped(statement.failed)} failed` : "failed") : null),
                make("span", { class: "short" }, statement.is_control ? [...new Set(trace.control.map((run) => run.sql))].join(", ") : shortened(statement.sql)))),
            statement.is_control ? number_cell("", "rows") : number_cell(grouped(statement.rows), "rows", statement.rows === 1 ? "row" : "rows"),
            number_cell(as_time(statement.time), "time", ""), make("td", { role: "gridcell", class: "line" }, bars(runs)));
        return { id: `s${statement.index}`, level: 1, statement, runs, element };
    }

    function run_row(statement, run, number) {
        const about = run.parameters.length ? run.parameters.join(", ") : "no parameters";
        const kind = `${color_of(statement.lookup)}${run.failed ? " failing" : ""}`;
        const element = make("tr", { role: "row", "aria-level": "2", class: `run ${kind}` },
            make("td", { role: "gridcell", class: "name" }, make("div", { class: "label" }, make("span", { class: "short" }, make("span", { class: "ordinal" }, `${grouped(number + 1)}`), " ", about.slice(0, 300),
                run.failed ? make("span", { class: "failed" }, " failed") : null))),
            statement.is_control ? number_cell("", "rows") : number_cell(grouped(run.rows), "rows", run.rows === 1 ? "row" : "rows"),
            number_cell(as_time(run.duration), "time", ""), make("td", { role: "gridcell", class: "line" }, bars([run])));
        return { id: `s${statement.index}r${number}`, level: 2, statement, runs: [run], run, number, element };
    }

    function more_row(statement, left) {
        const kept = left > 0;
        const text = kept ? `${counted(left, "more run")}: Enter shows ${left > runs_at_once ? `the next ${runs_at_once}` : "them"}` :
            `${counted(statement.runs - statement.kept.length, "more run")}, counted but not kept one by one`;
        const element = make("tr", { role: "row", "aria-level": "2", class: "more-runs" }, make("td", { role: "gridcell", class: "name", colspan: "4" }, text));
        return { id: `s${statement.index}m${kept ? "" : "x"}`, level: 2, statement, runs: [], more: kept, element };
    }

    function rows_of(statement, runs) {
        const rows = [statement_row(statement, runs)];
        if (runs.length < 2 || statement.unfolded === 0) return rows;
        const shown = Math.min(statement.unfolded, runs.length);
        for (const run of runs.slice(0, shown)) rows.push(run_row(statement, run, statement.kept.indexOf(run)));
        if (shown < runs.length) rows.push(more_row(statement, runs.length - shown));
        else if (runs.length === statement.kept.length && statement.runs > runs.length) rows.push(more_row(statement, 0));
        return rows;
    }

    function refresh() {
        const pick = chosen_runs();
        const shown = [];
        const ordered = [...statements].sort(orders[plan.order]);
        for (const statement of control.runs ? [...ordered, control] : ordered) {
            if (plan.repeated && (statement.runs < 2 || statement.is_control)) continue;
            if (plan.path !== null && statement.lookup !== plan.path) continue;
            const runs = pick(statement);
            if (runs.length > 0) shown.push([statement, runs]);
        }
        visible = shown.flatMap(([statement, runs]) => rows_of(statement, runs));
        at("rows").replaceChildren(...visible.map((row) => row.element));
        const numbers = shown.reduce((sum, [statement, runs]) => statement.is_control ? sum : sum + (runs.length === statement.kept.length ? statement.runs : runs.length), 0);
        const all = total("runs");
        at("count").textContent = numbers === all ? counted(all, "statement") : `${grouped(numbers)} of ${counted(all, "statement")}`;
        for (const path of paths.values()) path.button.setAttribute("aria-pressed", String(plan.path === path.name));
        show_nothing(shown.length === 0);
        if (!visible.some((row) => row.id === current)) current = visible.length ? visible[0].id : null;
        mark_current();
    }

    function show_nothing(is_empty) {
        const note = at("nothing");
        note.hidden = !is_empty;
        at("waterfall").hidden = is_empty;
        if (!is_empty) return;
        if (statements.length === 0) return note.replaceChildren("No statement ran while this trace was recorded.");
        note.replaceChildren("No statement is like that.", make("button", { type: "button", onclick: clear }, "Show all"));
    }

    function clear() {
        Object.assign(plan, { search: "", repeated: false, path: null });
        at("search").value = "";
        at("repeated").checked = false;
        refresh();
        at("search").focus();
    }

    // --- Choosing a row ---

    const current_row = () => visible.find((row) => row.id === current);

    function mark_current() {
        for (const row of visible) {
            const is_current = row.id === current;
            row.element.tabIndex = is_current ? 0 : -1;
            row.element.setAttribute("aria-selected", String(is_current));
        }
        const row = current_row();
        if (row) show_detail(row);
        else at("detail").replaceChildren(make("p", { class: "hint" }, "Choose a statement to see its SQL and its parameters."));
    }

    function choose(id, focus) {
        if (!visible.some((row) => row.id === id)) return;
        current = id;
        mark_current();
        if (!focus) return;
        current_row().element.focus({ preventScroll: true });
        current_row().element.scrollIntoView({ block: "nearest" });
    }

    function unfold(row, open) {
        row.statement.unfolded = open ? runs_at_once : 0;
        refresh();
        choose(`s${row.statement.index}`, true);
    }

    function show_more(row) {
        const first = row.statement.unfolded;
        row.statement.unfolded += runs_at_once;
        const index = visible.indexOf(row);
        refresh();
        if (first > 0 && visible[index]) choose(visible[index].id, true);
    }

    /** Opens the details: runs, or on narrow screens the sheet. */
    function open(row) {
        if (row.more) return show_more(row);
        if (row.level === 1 && row.runs.length > 1) return unfold(row, row.statement.unfolded === 0);
        at("detail").classList.add("open");
    }

    const keys = {
        ArrowDown: (row, index) => choose(visible[Math.min(index + 1, visible.length - 1)].id, true),
        ArrowUp: (row, index) => choose(visible[Math.max(index - 1, 0)].id, true),
        Home: () => choose(visible[0].id, true),
        End: () => choose(visible[visible.length - 1].id, true),
        PageDown: (row, index) => choose(visible[Math.min(index + 10, visible.length - 1)].id, true),
        PageUp: (row, index) => choose(visible[Math.max(index - 10, 0)].id, true),
        ArrowRight: (row, index) => {
            if (row.level !== 1 || row.runs.length < 2) return;
            if (row.statement.unfolded === 0) unfold(row, true);
            else choose(visible[index + 1].id, true);
        },
        ArrowLeft: (row) => {
            if (row.level === 2) choose(`s${row.statement.index}`, true);
            else if (row.statement.unfolded > 0) unfold(row, false);
        },
        Enter: (row) => open(row),
        " ": (row) => open(row),
    };

    const row_of = (event) => visible.find((row) => row.element === event.target.closest("tr"));

    // --- The statement chosen ---

    function facts_of(row) {
        const { statement, run } = row;
        const facts = [];
        if (run) {
            const rows = statement.is_control ? [] : [["Rows", grouped(run.rows)]];
            facts.push(["Began", run.start === begin ? "first of all" : `after ${as_time(run.start - begin)}`], ["Took", as_time(run.duration)], ...rows);
            if (run.bytes) facts.push(["Received", as_bytes(run.bytes)]);
            if (run.sent) facts.push(["Sent", as_bytes(run.sent)]);
            if (run.connection) facts.push(["Connection", String(run.connection)]);
            if (run.source) facts.push(["Source", run.source]);
            return facts;
        }
        const times = statement.kept.map((each) => each.duration).sort((a, b) => a - b);
        facts.push(["Runs", grouped(statement.runs)]);
        if (!statement.is_control) facts.push(["Rows", grouped(statement.rows)]);
        if (statement.bytes) facts.push(["Received", as_bytes(statement.bytes)]);
        facts.push(["Time", as_time(statement.time)], ["Fastest", as_time(times[0])],
            ["Median", as_time(times[times.length >> 1])], ["Slowest", as_time(times[times.length - 1])]);
        const sources = [...new Set(statement.kept.map((each) => each.source).filter(Boolean))];
        if (sources.length) facts.push(["Source", sources.slice(0, 5).join(", ")]);
        return facts;
    }

    function parameters_of(row) {
        if (row.statement.is_control) return null;
        const run = row.run ?? (row.statement.runs === 1 ? row.statement.kept[0] : null);
        if (run === null) return make("p", { class: "quiet" }, "Unfold the statement for the parameters of each run.");
        if (run.parameters.length === 0) return make("p", { class: "quiet" }, "No parameters.");
        return make("div", {}, make("h4", {}, "Parameters"),
            make("ol", { class: "parameters" }, ...run.parameters.map((text) => make("li", {}, text))));
    }

    function show_detail(row) {
        const { statement } = row;
        const sql = row.run?.sql ?? (statement.is_control ? trace.control.map((run) => run.sql).join("\n") : statement.sql);
        const alone = statement.runs === 1 && !row.run ? { ...row, run: statement.kept[0] } : row;
        const close = make("button", { type: "button", class: "close", onclick: () => leave_sheet() }, "Close");
        at("detail").replaceChildren(
            make("header", {}, make("h3", {}, dot(statement.lookup), path_name(statement.lookup),
                row.run ? make("span", { class: "quiet" }, `run ${grouped(row.number + 1)}`) : null),
                make("div", { class: "buttons" }, copy_button(sql, "Copy SQL"), close)),
            formatted(sql),
            make("dl", { class: "facts" }, ...facts_of(alone).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)])),
            parameters_of(row));
    }

    function leave_sheet() {
        at("detail").classList.remove("open");
        current_row()?.element.focus();
    }

    // --- A word on the bar under the pointer ---

    function show_tip(event) {
        const tip = at("tip");
        const line = event.target.closest?.("td.line");
        const row = line && row_of(event);
        const box = line?.querySelector(".bars")?.getBoundingClientRect();
        tip.hidden = true;
        if (!row || !box || row.runs.length === 0) return;
        const when = begin + ((event.clientX - box.left) / box.width) * span;
        const away = (run) => Math.max(run.start - when, when - run.start - run.duration, 0);
        const near = row.runs.reduce((best, run) => (away(run) < away(best) ? run : best));
        if (away(near) > (span / box.width) * 12) return;
        tip.textContent = `after ${as_time(near.start - begin)}: took ${as_time(near.duration)}${row.statement.is_control ? "" : `, ${counted(near.rows, "row")}`}`;
        tip.hidden = false;
        tip.style.left = `${Math.max(8, Math.min(event.clientX - tip.offsetWidth / 2, innerWidth - tip.offsetWidth - 8))}px`;
        tip.style.top = `${box.top - tip.offsetHeight - 8}px`;
    }

    function listen() {
        at("rows").addEventListener("keydown", (event) => {
            const row = row_of(event);
            if (!row || event.altKey || event.ctrlKey || event.metaKey || !keys[event.key]) return;
            event.preventDefault();
            keys[event.key](row, visible.indexOf(row));
        });
        at("rows").addEventListener("click", (event) => {
            const row = row_of(event);
            if (!row) return;
            if (row.more) return show_more(row);
            if (event.target.closest(".fold, .badge") && row.runs.length > 1) return unfold(row, row.statement.unfolded === 0);
            choose(row.id, true);
            at("detail").classList.add("open");
        });
        at("rows").addEventListener("pointermove", show_tip);
        at("rows").addEventListener("pointerleave", () => { at("tip").hidden = true; });
        at("tools").addEventListener("submit", (event) => event.preventDefault());
        at("search").addEventListener("input", () => { plan.search = at("search").value; refresh(); });
        at("order").addEventListener("change", () => { plan.order = at("order").value; refresh(); });
        at("repeated").addEventListener("change", () => { plan.repeated = at("repeated").checked; refresh(); });
        if (everything.length > 0) addEventListener("resize", show_axis);
        document.addEventListener("keydown", (event) => {
            const is_typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
            if (event.key === "/" && !is_typing && !event.ctrlKey && !event.metaKey) {
                event.preventDefault();
                at("search").focus();
            }
            if (event.key !== "Escape") return;
            if (at("detail").classList.contains("open")) leave_sheet();
            else if (document.activeElement === at("search") && plan.search) clear();
        });
    }

    show_summary();
    show_findings();
    show_paths();
    refresh();
    if (everything.length > 0) show_axis();
    listen();
})();
