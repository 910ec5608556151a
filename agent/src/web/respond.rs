//! The routes: a request in, a page or JSON out.

use axum::{
    Json,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, Uri, header::CONNECTION},
    response::{Html, IntoResponse as _, Response},
};
use serde_json::json;

use super::{Site, answer::Answer, fields::Fields, lang::Lang, page, register, text};
use crate::invitation::Token;

/// The form, or why there is none.
pub(super) async fn show(
    State(site): State<Site>,
    Path(token): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let lang = Lang::of(&uri, &headers);
    let token = Token::new(token);
    html(
        lang,
        &opened(&site, &token).await.unwrap_or_else(|answer| answer),
    )
}

/// The form comes back.
pub(super) async fn submit(
    State(site): State<Site>,
    Path(token): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let lang = Lang::of(&uri, &headers);
    html(lang, &registered(&site, Token::new(token), request).await)
}

/// The account in JSON, for programs.
pub(super) async fn put(
    State(site): State<Site>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    in_json(&registered(&site, Token::new(token), request).await)
}

/// Any other method.
pub(super) async fn wrong_method(uri: Uri, headers: HeaderMap) -> Response {
    html(Lang::of(&uri, &headers), &Answer::WrongMethod)
}

/// Any other address.
pub(super) async fn nothing_here(uri: Uri, headers: HeaderMap) -> Response {
    html(Lang::of(&uri, &headers), &Answer::Unknown)
}

async fn opened(site: &Site, token: &Token) -> Result<Answer, Answer> {
    // Never closed while the page is served.
    let _place = site.places.acquire().await.map_err(|_| Answer::Away)?;
    let client = register::connect(site).await?;
    Ok(Answer::Form(register::open(site, &client, token).await?))
}

async fn registered(site: &Site, token: Token, request: Request) -> Answer {
    let register = async {
        let fields = Fields::read(request).await?;
        let _place = site.places.acquire().await.map_err(|_| Answer::Away)?;
        let client = register::connect(site).await?;
        register::register(site, &client, &token, &fields).await
    };
    register.await.unwrap_or_else(|answer| answer)
}

fn html(lang: Lang, answer: &Answer) -> Response {
    with_close(
        answer,
        (answer.status(), Html(page::page(lang, answer))).into_response(),
    )
}

fn in_json(answer: &Answer) -> Response {
    let message = |lang| text::of(lang).message(answer);
    let choices: Vec<_> = answer
        .choices()
        .iter()
        .map(|place| json!({ "siret": place.siret, "name": place.name }))
        .collect();
    let mut body =
        json!({ "code": answer.code(), "fr": message(Lang::Fr), "en": message(Lang::En) });
    if let (false, Some(body)) = (choices.is_empty(), body.as_object_mut()) {
        body.insert("choices".into(), choices.into());
    }
    with_close(answer, (answer.status(), Json(body)).into_response())
}

/// A body that was not read to its end cannot be followed by another request.
fn with_close(answer: &Answer, mut response: Response) -> Response {
    if matches!(answer, Answer::TooLarge | Answer::TooSlow) {
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
