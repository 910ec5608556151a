//! GOBL-ORG: images, places on the globe and entries of registers.

use super::kinds::{Coordinates, Images, Registrations};
use super::org::{URL, URL_HINT};
use super::row::{Failure, Row, found};
use crate::amount::Amount;
use crate::finding::Term::Bt;
use crate::gobl::currency;
use crate::gobl::formats::{is_url, is_what3words};
use crate::gobl::scalar::Degrees;

const SIZE: [&str; 2] = [
    "The image measures {value} pixels, not {wanted}.",
    "L’image mesure {value} pixels, et non {wanted}.",
];
const SIZE_HINT: [&str; 2] = [
    "Give an image of another size, or leave the size out.",
    "Donnez une image d’une autre taille, ou n’indiquez pas la taille.",
];

pub(super) static IMAGE: [Row<Images>; 3] = [
    Row::new(
        "url",
        "GOBL-ORG-IMAGE-01",
        &[],
        URL,
        URL_HINT,
        |image, _| found(!image.url.is_empty() && !is_url(&image.url), &image.url),
    ),
    Row::new(
        "height",
        "GOBL-ORG-IMAGE-02",
        &[],
        SIZE,
        SIZE_HINT,
        |image, _| size(image.height),
    ),
    Row::new(
        "width",
        "GOBL-ORG-IMAGE-03",
        &[],
        SIZE,
        SIZE_HINT,
        |image, _| size(image.width),
    ),
];

/// Zero is no size.
fn size(pixels: Option<i64>) -> Option<Failure> {
    let pixels = pixels.filter(|pixels| *pixels != 0)?;
    found(!(64..=2048).contains(&pixels), pixels).map(|failure| failure.wanted("64 to 2048"))
}

const DEGREES: [&str; 2] = [
    "{value} degrees are outside of {wanted}.",
    "{value} degrés sont hors de {wanted}.",
];
const DEGREES_HINT: [&str; 2] = ["Correct the degrees.", "Corrigez les degrés."];

pub(super) static COORDINATES: [Row<Coordinates>; 3] = [
    Row::new(
        "lat",
        "GOBL-ORG-COORDINATES-01",
        &[],
        DEGREES,
        DEGREES_HINT,
        |place, _| beyond(place.lat, 90).map(|failure| failure.wanted("-90 … 90")),
    ),
    Row::new(
        "lon",
        "GOBL-ORG-COORDINATES-02",
        &[],
        DEGREES,
        DEGREES_HINT,
        |place, _| beyond(place.lon, 180).map(|failure| failure.wanted("-180 … 180")),
    ),
    Row::new(
        "w3w",
        "GOBL-ORG-COORDINATES-03",
        &[],
        [
            "\"{value}\" is not a place of what3words.",
            "« {value} » n’est pas un lieu what3words.",
        ],
        [
            "Write three words with points between them.",
            "Écrivez trois mots séparés par des points.",
        ],
        |place, _| {
            found(
                !place.w3w.is_empty() && !is_what3words(&place.w3w),
                &place.w3w,
            )
        },
    ),
];

fn beyond(degrees: Option<Degrees>, most: i64) -> Option<Failure> {
    let Degrees(degrees) = degrees?;
    found(
        degrees > Amount::new(most, 0) || degrees < Amount::new(-most, 0),
        degrees,
    )
}

pub(super) static REGISTRATION: [Row<Registrations>; 1] = [Row::new(
    "currency",
    "GOBL-ORG-REGISTRATION-01",
    &[Bt(33)],
    [
        "\"{value}\" is no currency.",
        "« {value} » n’est pas une devise.",
    ],
    [
        "Use a code of ISO 4217, such as \"EUR\".",
        "Utilisez un code d’ISO 4217, comme « EUR ».",
    ],
    |registration, _| {
        let is_one = registration.currency.is_empty()
            || currency::decimals(&registration.currency).is_some();
        found(!is_one, &registration.currency)
    },
)];
