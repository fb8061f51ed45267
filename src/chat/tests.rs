use std::time::{Duration, SystemTime, UNIX_EPOCH};

use proptest::prelude::*;

use super::*;

/// The template in the model that comes with the program.
const EMBEDDED: &str = "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>' + \
                        '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

const LLAMA_3: &str = r#"{{- bos_token }}
{%- if not date_string is defined %}
    {%- set date_string = strftime_now("%d %b %Y") %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\n\n" }}
{{- "Today Date: " + date_string + "\n\n" + system_message + "<|eot_id|>" }}
{%- if tools is not none %}
    {{- raise_exception("no tools here") }}
{%- endif %}
{%- for message in messages %}
    {{- '<|start_header_id|>' + message.role + '<|end_header_id|>\n\n' + message['content'].strip() + '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}
{%- endif %}
"#;

const MISTRAL: &str = "{{ bos_token }}{% for message in messages %}
{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}
{{ raise_exception('Roles must alternate: ' ~ message.role) }}
{% endif %}
{% if message.role == 'user' %}
[INST] {{ message.content }} [/INST]
{%- endif %}
{% endfor %}";

const PLAIN: &str = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}";

fn template(text: &str) -> Template {
    let (bos, eos) = ("<s>".to_owned(), "</s>".to_owned());
    Template::new("the model's chat template", text, Ends { bos, eos, ..Ends::default() })
}

fn rendered(text: &str, system: Option<&str>, user: &str) -> Rendered {
    template(text).render(&Message::opening(system, user)).expect("renders")
}

fn prompt(text: &str) -> String {
    rendered(text, None, " Hi! ").text
}

fn refused(text: &str) -> String {
    template(text).render(&Message::opening(None, " Hi! ")).expect_err("does not render").to_string()
}

#[test]
fn chatml() {
    assert_eq!(
        rendered(EMBEDDED, Some("Be kind."), " Hi! ").text,
        "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\n Hi! <|im_end|>\n<|im_start|>assistant\n"
    );
}

#[test]
fn llama_3_with_the_date_and_python_methods() {
    let now = UNIX_EPOCH + Duration::from_hours(478_320);
    let date = clock::date("%d %b %Y", &clock::local(now));
    assert_eq!(
        template(LLAMA_3)
            .render_at(&Message::opening(Some(" Be kind. "), " Hi! "), true, now)
            .expect("renders")
            .text,
        format!(
            "<s><|start_header_id|>system<|end_header_id|>\n\nToday Date: {date}\n\nBe kind.<|eot_id|>\
             <|start_header_id|>user<|end_header_id|>\n\nHi!<|eot_id|>\
             <|start_header_id|>assistant<|end_header_id|>\n\n"
        )
    );
}

#[test]
fn a_template_that_refuses_a_system_message_is_given_its_text() {
    assert_eq!(prompt(MISTRAL), "<s>[INST]  Hi!  [/INST]");
    // It looks at the role and refuses before it reads the content.
    let merged = rendered(MISTRAL, Some("Be kind."), "Hi!");
    assert_eq!(merged.text, "<s>[INST] Be kind.\nHi! [/INST]");
    assert_eq!(merged.notes, [Note::SystemMerged]);
    assert!(!template(MISTRAL).takes_system() && template(PLAIN).takes_system());
    let alone = template(MISTRAL).render(&[Message::new("system", "S")]).expect("renders");
    assert_eq!((alone.text.as_str(), alone.notes), ("<s>", vec![Note::SystemLeftOut]));
}

/// Kinds of templates that were rendered in another way than llama.cpp does; what it gives stands beside each.
#[test]
fn kinds_that_llama_cpp_takes() {
    for (text, system, expected) in [
        (
            "{% for m in messages %}{% generation %}<{{ m.role }}>{{ m.content }}{% endgeneration %}{% endfor %}",
            None,
            "<user>Hello",
        ),
        (
            "{% if tools is iterable and tools | length > 0 %}T{% endif %}{% for m in messages %}<{{ m.role }}>\
             {{ m.content }}{% endfor %}",
            None,
            "<user>Hello",
        ),
        (
            "{% for m in messages %}<{{ m.role }}>{% for part in m.content %}{% if part.type == 'text' %}\
             {{ part.text }}{% endif %}{% endfor %}{% endfor %}",
            None,
            "<user>Hello",
        ),
        (
            "{% for m in messages if m.role == 'user' %}<user>{{ m.content }}{% endfor %}",
            Some("Be kind"),
            "<user>Be kind\nHello",
        ),
        (
            "{% if messages[0].role == 'system' %}{{ raise_exception('no system here') }}{% endif %}\
             {% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}",
            Some("Be kind"),
            "<user>Be kind\nHello",
        ),
        (
            "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{% if enable_thinking %}<think>\
             {% else %}<think></think>{% endif %}",
            None,
            "<user>Hello<think>",
        ),
        (PLAIN, Some(""), "<user>Hello"),
        (
            "{% for m in messages %}{% if m.content is string %}{{ m.content }}{% else %}{% for p in m.content %}\
             [{{ p.text }}]{% endfor %}{% endif %}{% endfor %}",
            Some("Be kind"),
            "Be kindHello",
        ),
    ] {
        assert_eq!(rendered(text, system, "Hello").text, expected, "{text}");
    }
}

#[test]
fn the_date_and_the_local_time_are_reported() {
    let now = SystemTime::now();
    let text =
        "{{ date_string if date_string is defined else 'long ago' }} {{ datetime }} {{ strftime_now('%H') }}";
    let local = clock::local(now);
    let expected = ["%d %b %Y", "%b %d %Y", "%H"].map(|format| clock::date(format, &local)).join(" ");
    assert_eq!(
        template(text).render_at(&Message::opening(None, "x"), true, now).expect("renders").text,
        expected
    );
}

#[test]
fn ends_are_written_once() {
    let text = "{{ bos_token }}{% for m in messages %}[{{ m.content }}]{% endfor %}{{ eos_token }}";
    let ends =
        |adds_bos, adds_eos| Ends { bos: "<s>".to_owned(), eos: "</s>".to_owned(), adds_bos, adds_eos };
    let shown =
        |ends| Template::new("t", text, ends).render(&Message::opening(None, "Hello")).expect("renders").text;
    assert_eq!(shown(ends(false, false)), "<s>[Hello]</s>");
    assert_eq!(shown(ends(true, true)), "[Hello]");
    assert_eq!(shown(ends(false, true)), "<s>[Hello]");
}

#[test]
fn variables_can_be_given() {
    let variables = |text: &str| serde_json::from_str(text).expect("a map");
    let text = "{{ enable_thinking }} {{ custom }} {{ preserve_thinking }} {{ clear_thinking }} {{ reasoning_strength }}";
    let shown = |given: &str| {
        let template = template(text).with_variables(variables(given));
        template.render(&Message::opening(None, "x")).expect("renders").text
    };
    assert_eq!(shown("{}"), "True  True False ");
    assert_eq!(
        shown(
            r#"{"enable_thinking": false, "custom": [1, "a"], "preserve_reasoning": false, "reasoning_effort": "low"}"#
        ),
        "False 1a False True low"
    );
}

#[test]
fn what_is_printed_is_what_llama_cpp_prints() {
    assert_eq!(
        prompt("{{ none }}|{{ missing }}|{{ missing.deeper }}|{{ {'a': 1} }}|{{ [1, 'a', none, [2.50]] }}"),
        "||||1a2.5"
    );
    assert_eq!(prompt("{{ true }} {{ 1.0 }} {{ 7 / 2 }} {{ missing | length }}"), "True 1.0 3.5 0");
    assert_eq!(prompt("{{ documents is none }}{{ tools is defined }}"), "FalseFalse");
    assert_eq!(prompt("{{ none | default('d') }}{{ '' | default('e', true) }}{{ 0 | default('f') }}"), "de0");
}

#[test]
fn what_hugging_face_templates_lean_on() {
    assert_eq!(prompt("{{ messages[0] | tojson }}"), r#"{"role": "user", "content": " Hi! "}"#);
    assert_eq!(prompt("{{ {'a': '<'} | tojson(indent=2) }}"), "{\n  \"a\": \"<\"\n}");
    assert_eq!(
        prompt("{{ {'b': 1, 'a': 2} | tojson(separators=(',', ':'), sort_keys=true) }}"),
        r#"{"a":2,"b":1}"#
    );
    assert_eq!(
        prompt("{% for i in [1, 2, 3] %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}"),
        "1"
    );
    assert_eq!(
        prompt(
            "{% set ns = namespace(n=0) %}{% for m in messages %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}"
        ),
        "1"
    );
    assert_eq!(prompt("{{ 'a-b'.split('-')[1] ~ messages[0].get('name', 'x') ~ eos_token }}"), "bx</s>");
    assert_eq!(prompt("  {% if true %}\nyes\n  {% endif %}\n"), "yes\n");
    assert_eq!(prompt("{{ 'a' is sequence }}{{ missing is iterable }}{{ 3 is iterable }}"), "TrueTrueFalse");
    assert_eq!(prompt("{{ '%s has %d' % ('it', 3) }}, {{ 'a.b'.rsplit('.', 1)[0] }}"), "it has 3, a");
    assert_eq!(
        prompt("{{ 'one two' | wordcount }} {{ 'a b' | urlencode }} {{ '7'.zfill(3) }}"),
        "2 a%20b 007"
    );
    assert_eq!(prompt("{{ 'long long text' | truncate(8) }}"), "long...");
    assert_eq!(prompt("{{ 'a\\nb\\n\\nc\\n' | indent(2) }}|"), "a\n  b\n\n  c\n|");
    assert_eq!(
        prompt("{{ '12abc' | int }} {{ 'x' | int(5) }} {{ ['b', 'B', 'a'] | sort | join }}"),
        "12 5 Bab"
    );
    assert_eq!(
        prompt("{{ 'xay' | startswith('x') }}{{ ['a', 'b'].first() }}{{ {'k': 'v'} | items | list }}"),
        "Trueakv"
    );
}

#[test]
fn parts_of_messages_become_what_the_template_takes() {
    let content = Content::Parts(vec!["a".into(), "b".into()]);
    let parts = Message { content, ..Message::new("user", "") };
    assert_eq!(template(PLAIN).render(std::slice::from_ref(&parts)).expect("renders").text, "<user>a\nb");
    let listing = "{% for m in messages %}{% for p in m.content %}[{{ p.text }}]{% endfor %}{% endfor %}";
    assert_eq!(template(listing).render(&[parts]).expect("renders").text, "[a][b]");
}

#[test]
fn tags_that_are_not_known_are_passed_over_and_told() {
    let told =
        rendered("{% trans %}{% for m in messages %}{{ m.content }}{% endfor %}{% endtrans %}", None, "Hi");
    assert_eq!(told.text, "Hi");
    assert_eq!(told.notes, [Note::PassedOver("trans, endtrans".to_owned())]);
    assert_eq!(rendered("{% generation %}{% endgeneration %}", None, "Hi").notes, []);
}

#[test]
fn broken_templates_show_the_line_and_the_way_out() {
    for (text, line) in [
        ("one\n{% if %}\n", "in line 2: {% if %}"),
        ("one\ntwo\n{{ messages | nonsense }}", "in line 3: {{ messages | nonsense }}"),
        ("\n{% if true %}\n{{ 1 | nonsense }}{% endif %}", "in line 3: {{ 1 | nonsense }}"),
    ] {
        let error = refused(text);
        assert!(error.starts_with("the model's chat template does not work: "), "{error}");
        assert!(error.contains(line), "{error}");
        assert!(error.ends_with("Another template can be given with --chat-template-file FILE"), "{error}");
    }
    let long = refused(&format!("{}{{{{ 1 | nonsense }}}}{}", "x".repeat(5000), "y".repeat(5000)));
    assert!(long.contains("{{ 1 | nonsense }}") && long.len() < 400, "{long}");
    let said = refused("{{ raise_exception('No!') }}");
    assert!(said.starts_with("the model's chat template refuses this conversation: No!."), "{said}");
}

#[test]
fn work_nesting_and_widths_are_bounded() {
    let forever = "{% for a in range(9999) %}{% for b in range(9999) %}{{ b }}{% endfor %}{% endfor %}";
    assert!(refused(forever).contains("does too much in line 1"));
    assert!(refused("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}").contains("does not work"));
    for wide in [
        "{{ 'a\nb' | indent(100000000000) }}",
        "{{ 'a\nb' | indent(width=100000000000) }}",
        "{{ '%99999999999d' % 1 }}",
        "{{ '{:>99999999999}'.format(1) }}",
        "{{ 'a'.center(99999999) }}",
    ] {
        let error = refused(wide);
        assert!(error.contains("a width above 1000 characters"), "{wide}: {error}");
    }
}

#[test]
fn what_is_written_is_bounded() {
    // 2^40 items, built in forty steps.
    let bomb =
        "{% set ns = namespace(v=[1]) %}{% for i in range(40) %}{% set ns.v = [ns.v, ns.v] %}{% endfor %}";
    assert!(refused(&format!("{bomb}{{{{ ns.v }}}}")).contains("does too much"));
    let error = refused(&format!("{bomb}{{{{ ns.v | tojson }}}}"));
    assert!(error.contains("too large"), "{error}");
    // The same in a variable that is filled by printing.
    let captured = "{% set ns = namespace(v='xxxxxxxx') %}{% for i in range(40) %}{% set w %}{{ ns.v }}{{ ns.v }}\
                    {% endset %}{% set ns.v = w %}{% endfor %}";
    assert!(refused(captured).contains("does too much"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_template_panics(
        text in r"(\{\{|\}\}|\{%|%\}|for|in|if|messages|endfor|endif|generation| |\n|'|%|[a-z\[\]0-9.|()+*]){0,30}"
    ) {
        let _ = template(&text).render(&Message::opening(Some("s"), "u"));
    }

    #[test]
    fn messages_are_never_read_as_template(user in r"[\{\}%a-z ]{0,30}") {
        let shown = rendered(EMBEDDED, None, &user).text;
        prop_assert_eq!(shown, format!("<|im_start|>user\n{user}<|im_end|>\n<|im_start|>assistant\n"));
    }
}
