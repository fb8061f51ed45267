//! What README.md says of the JSON lines.

/// The names of the fields that a line of type `kind` has, from the table under `head`.
pub fn documented(head: &str, kind: &str) -> Vec<String> {
    let readme = include_str!("../../README.md");
    let rows = readme.lines().skip_while(|line| *line != head).skip(2);
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
