//! The page itself: plain HTML that needs no script, for eyes and for screen readers.

use std::fmt::Write as _;

use super::{
    answer::Answer,
    fields::Flaw,
    html::escape,
    lang::Lang,
    text::{self, Texts},
};
use crate::{invitation::Invitation, verify::Problem};

/// The one style; its hash stands in the policy.
pub(super) const STYLE: &str = "\
body{font:1.05rem/1.55 system-ui,sans-serif;color:#161616;background:#fff;max-width:42rem;margin:0 auto;padding:1rem}\
h1{font-size:1.7rem;line-height:1.25}h2{font-size:1.2rem;margin-top:2rem}\
label,legend{display:block;font-weight:600;margin-top:1.2rem}\
.hint{color:#4a4a4a;margin:.1rem 0 .3rem}\
input[type=text],input[type=password]{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:2px solid #3a3a3a}\
input[aria-invalid=true]{border-color:#b3000c}\
fieldset{border:0;padding:0;margin:0}fieldset label{font-weight:400;margin-top:.4rem}\
button{font:inherit;font-weight:600;margin-top:1.6rem;padding:.6rem 1.2rem;color:#fff;background:#000091;border:2px solid #000091}\
:focus{outline:3px solid #0a76f6;outline-offset:2px}\
.errors{border:3px solid #b3000c;padding:0 1rem 1rem;margin:1rem 0}.errors h2{margin-top:1rem}\
.done{border-left:5px solid #18753c;padding-left:1rem}.lang{float:right}";

/// The page of an answer.
pub(super) fn page(lang: Lang, answer: &Answer) -> String {
    let texts = text::of(lang);
    let mut body = String::new();
    match answer {
        Answer::Form(invitation) => form(&mut body, texts, invitation, answer, ""),
        Answer::Flawed {
            invitation, login, ..
        }
        | Answer::Refused {
            invitation, login, ..
        } => form(&mut body, texts, invitation, answer, login),
        Answer::Registered | Answer::Later | Answer::Operator => {
            message(&mut body, texts, "class=\"done\" role=\"status\"", answer)
        }
        _ => message(&mut body, texts, "class=\"errors\" role=\"alert\"", answer),
    }
    let status = answer.status();
    let prefix = if status.is_client_error() || status.is_server_error() {
        texts.error_prefix
    } else {
        ""
    };
    let (tag, other) = (lang.tag(), text::of(lang.other()));
    format!(
        "<!doctype html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{prefix}{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <nav class=\"lang\"><a href=\"?lang={other_tag}\" hreflang=\"{other_tag}\" lang=\"{other_tag}\">{other_name}</a></nav>\n\
         <main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n",
        title = texts.title,
        other_tag = other.lang.tag(),
        other_name = other.language_name,
    )
}

fn message(body: &mut String, texts: &Texts, attributes: &str, answer: &Answer) {
    let text = escape(&texts.message(answer));
    let _infallible = writeln!(body, "<div {attributes}><p>{text}</p></div>");
}

fn form(body: &mut String, texts: &Texts, invitation: &Invitation, answer: &Answer, login: &str) {
    let wrong = wrong(answer);
    errors(body, texts, answer, &wrong);
    introduction(body, texts, invitation);
    let invalid = |field: Flaw| {
        if wrong.contains(&field) {
            " aria-invalid=\"true\""
        } else {
            ""
        }
    };
    let _infallible = write!(
        body,
        "<h2>{title}</h2>\n<form method=\"post\" action=\"?lang={lang}\">\n\
         <label for=\"username\">{username}</label>\n<p class=\"hint\" id=\"username-hint\">{username_hint}</p>\n\
         <input type=\"text\" id=\"username\" name=\"username\" value=\"{login}\" required maxlength=\"500\" autocomplete=\"username\" \
         autocapitalize=\"none\" spellcheck=\"false\" aria-describedby=\"username-hint\"{bad_username}>\n\
         <label for=\"password\">{password}</label>\n<p class=\"hint\" id=\"password-hint\">{password_hint}</p>\n\
         <input type=\"password\" id=\"password\" name=\"password\" required maxlength=\"500\" autocomplete=\"current-password\" \
         aria-describedby=\"password-hint\"{bad_password}>\n",
        title = texts.form_title,
        lang = texts.lang.tag(),
        username = texts.username,
        username_hint = texts.username_hint,
        login = escape(login),
        bad_username = invalid(Flaw::Username),
        password = texts.password,
        password_hint = texts.password_hint,
        bad_password = invalid(Flaw::Password),
    );
    choices(body, texts, answer);
    let _infallible = write!(
        body,
        "<button type=\"submit\">{}</button>\n</form>\n<p>{}</p>\n",
        texts.submit, texts.secrecy
    );
}

/// The fields that a person should look at again.
fn wrong(answer: &Answer) -> Vec<Flaw> {
    match answer {
        Answer::Flawed { flaws, .. } => flaws.clone(),
        Answer::Refused {
            problem: Problem::TechnicalAccount,
            ..
        } => vec![Flaw::Username, Flaw::Password],
        _ => Vec::new(),
    }
}

/// All errors at the top, each with the way to its field.
fn errors(body: &mut String, texts: &Texts, answer: &Answer, wrong: &[Flaw]) {
    let items: Vec<(&str, String)> = match answer {
        Answer::Form(_) => return,
        Answer::Flawed { .. } => wrong
            .iter()
            .map(|flaw| (anchor(*flaw), texts.flaw(*flaw).to_owned()))
            .collect(),
        _ if !answer.choices().is_empty() => vec![("siret-0", texts.message(answer))],
        _ => vec![("username", texts.message(answer))],
    };
    let _infallible = writeln!(
        body,
        "<div class=\"errors\" role=\"alert\" aria-labelledby=\"errors-title\" tabindex=\"-1\">\n<h2 id=\"errors-title\">{}</h2>\n<ul>",
        texts.error_title
    );
    for (field, text) in items {
        let _infallible = writeln!(body, "<li><a href=\"#{field}\">{}</a></li>", escape(&text));
    }
    body.push_str("</ul>\n</div>\n");
}

fn anchor(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::Username => "username",
        Flaw::Password => "password",
    }
}

fn introduction(body: &mut String, texts: &Texts, invitation: &Invitation) {
    let owner = &invitation.owner;
    let who = if invitation.name.is_empty() {
        owner.identifier.clone()
    } else {
        format!("{} ({})", invitation.name, owner.identifier)
    };
    let portal = match owner.environment.as_str() {
        "production" => "https://portail.chorus-pro.gouv.fr",
        _ => "https://qualif.chorus-pro.gouv.fr",
    };
    let link = format!("<a href=\"{portal}\" rel=\"noreferrer\">{portal}</a>");
    let _infallible = write!(
        body,
        "<p>{}<strong>{}</strong>{}</p>\n<h2>{}</h2>\n<p>{}</p>\n<h2>{}</h2>\n<ol>\n",
        texts.intro.0,
        escape(&who),
        texts.intro.1,
        texts.what_title,
        texts.what,
        texts.where_title,
    );
    for step in texts.steps {
        let _infallible = writeln!(body, "<li>{}</li>", step.replace("{portal}", &link));
    }
    body.push_str("</ol>\n");
}

fn choices(body: &mut String, texts: &Texts, answer: &Answer) {
    let all = answer.choices();
    if all.is_empty() {
        return;
    }
    let _infallible = writeln!(body, "<fieldset>\n<legend>{}</legend>", texts.choose);
    for (index, place) in all.iter().enumerate() {
        let (siret, name) = (escape(&place.siret), escape(&place.name));
        let _infallible = writeln!(
            body,
            "<label for=\"siret-{index}\"><input type=\"radio\" id=\"siret-{index}\" name=\"siret\" value=\"{siret}\" required> {siret} {name}</label>"
        );
    }
    body.push_str("</fieldset>\n");
}
