//! What docs/json.md says of the JSON lines.

/// The names of the fields that a line of type `kind` has, from the table under the heading `section`.
pub fn documented(section: &str, kind: &str) -> Vec<String> {
    let page = include_str!("../../docs/json.md");
    let rows =
        page.lines().skip_while(|line| *line != section).skip_while(|line| !line.starts_with('|')).skip(2);
    let mut names = Vec::new();
    let mut current = "";
    for row in rows.take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        current = if cells[1].is_empty() { current } else { cells[1].trim_matches('`') };
        if current == kind {
            names.extend(cells[2].split(", ").map(|name| name.trim_matches('`').to_owned()));
        }
    }
    names
}
