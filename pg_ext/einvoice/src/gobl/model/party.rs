use super::{Digest, objects};
use crate::amount::Amount;
use crate::gobl::scalar::{Degrees, Uuid};
use crate::gobl::{Ext, List, Text};

objects! {
    /// A company, administration or person (BG-4, BG-7, BG-10, …).
    pub struct Party {
        /// Its tax regime, where it differs.
        "$regime" regime: Text<'a>,
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Label.
        label: Text<'a>,
        /// Name (BT-27, BT-44, BT-59).
        name: Text<'a>,
        /// Trading name (BT-28, BT-45).
        alias: Text<'a>,
        /// VAT identifier (BT-31, BT-48).
        tax_id: Option<TaxIdentity<'a>>,
        /// Other identifiers (BT-29, BT-30, BT-46, BT-47): SIREN, SIRET, ….
        identities: List<Identity<'a>>,
        /// Contacts (BG-6, BG-9).
        people: List<Person<'a>>,
        /// Electronic addresses as URIs.
        endpoints: List<Endpoint<'a>>,
        /// Electronic addresses (BT-34, BT-49).
        inboxes: List<Inbox<'a>>,
        /// Addresses (BG-5, BG-8); the first counts.
        addresses: List<Address<'a>>,
        /// E-mail addresses (BT-43, BT-58).
        emails: List<Email<'a>>,
        /// Websites.
        websites: List<Website<'a>>,
        /// Telephones (BT-42, BT-57).
        telephones: List<Telephone<'a>>,
        /// Commercial register (BT-33).
        registration: Option<Registration<'a>>,
        /// Logos.
        logos: List<Image<'a>>,
        /// Extensions: Chorus Pro identifier scheme.
        ext: Ext<'a>,
        /// Metadata.
        meta: Ext<'a>,
    }

    /// A tax identifier.
    pub struct TaxIdentity {
        /// Country, `EL` for Greece.
        country: Text<'a> = required,
        /// Number without the country's prefix.
        code: Text<'a>,
        /// Scheme, where it is not the country's own.
        scheme: Text<'a>,
        /// Type.
        "type" kind: Text<'a>,
    }

    /// An identifier with the authority that gave it.
    pub struct Identity {
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Label.
        label: Text<'a>,
        /// `tax` or `legal`.
        scope: Text<'a>,
        /// Country.
        country: Text<'a>,
        /// Key: `gln`, `gtin`, ….
        key: Text<'a>,
        /// Type: `SIREN`, `SIRET`, ….
        "type" kind: Text<'a>,
        /// The identifier.
        code: Text<'a> = required,
        /// Description.
        description: Text<'a>,
        /// Extensions: ISO 6523 scheme.
        ext: Ext<'a>,
    }

    /// An electronic address (BT-34, BT-49).
    pub struct Inbox {
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Label.
        label: Text<'a>,
        /// Key: `peppol`, ….
        key: Text<'a>,
        /// Scheme (BT-34-1, BT-49-1).
        scheme: Text<'a>,
        /// Code.
        code: Text<'a>,
        /// URL.
        url: Text<'a>,
        /// E-mail address.
        email: Text<'a>,
    }

    /// An electronic address as URI.
    pub struct Endpoint {
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Label.
        label: Text<'a>,
        /// The URI.
        uri: Text<'a> = required,
    }

    /// A postal address (BG-5, BG-8, BG-15).
    pub struct Address {
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Label.
        label: Text<'a>,
        /// Post office box.
        po_box: Text<'a>,
        /// House number.
        num: Text<'a>,
        /// Floor.
        floor: Text<'a>,
        /// Block.
        block: Text<'a>,
        /// Door.
        door: Text<'a>,
        /// Street (BT-35, BT-50).
        street: Text<'a>,
        /// Further address line (BT-36, BT-51).
        street_extra: Text<'a>,
        /// City (BT-37, BT-52).
        locality: Text<'a>,
        /// Region (BT-39, BT-54).
        region: Text<'a>,
        /// Code of the state.
        state: Text<'a>,
        /// Postcode (BT-38, BT-53).
        code: Text<'a>,
        /// Country (BT-40, BT-55).
        country: Text<'a>,
        /// Coordinates.
        coords: Option<Coordinates<'a>>,
        /// Metadata.
        meta: Ext<'a>,
    }

    /// A place on the globe.
    pub struct Coordinates {
        /// Latitude in degrees.
        lat: Option<Degrees>,
        /// Longitude in degrees.
        lon: Option<Degrees>,
        /// what3words.
        w3w: Text<'a>,
        /// Geohash.
        geohash: Text<'a>,
    }

    /// A person to speak to (BG-6, BG-9).
    pub struct Person {
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Label.
        label: Text<'a>,
        /// Key.
        key: Text<'a>,
        /// Name (BT-41, BT-56).
        name: Option<PersonName<'a>>,
        /// Role.
        role: Text<'a>,
        /// Identifiers.
        identities: List<Identity<'a>>,
        /// Addresses.
        addresses: List<Address<'a>>,
        /// E-mail addresses.
        emails: List<Email<'a>>,
        /// Telephones.
        telephones: List<Telephone<'a>>,
        /// Pictures.
        avatars: List<Image<'a>>,
        /// Metadata.
        meta: Ext<'a>,
    }

    /// Name of a person.
    pub struct PersonName {
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Short name.
        alias: Text<'a>,
        /// Title.
        prefix: Text<'a>,
        /// First name.
        given: Text<'a>,
        /// Middle name.
        middle: Text<'a>,
        /// Surname.
        surname: Text<'a>,
        /// Second surname.
        surname2: Text<'a>,
        /// What follows the name.
        suffix: Text<'a>,
        /// Metadata.
        meta: Ext<'a>,
    }

    /// An e-mail address.
    pub struct Email {
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Label.
        label: Text<'a>,
        /// The address.
        addr: Text<'a> = required,
        /// Metadata.
        meta: Ext<'a>,
    }

    /// A telephone.
    pub struct Telephone {
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Label.
        label: Text<'a>,
        /// The number.
        num: Text<'a> = required,
    }

    /// A website.
    pub struct Website {
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Label.
        label: Text<'a>,
        /// Title.
        title: Text<'a>,
        /// Address.
        url: Text<'a> = required,
    }

    /// Entry in a commercial register (BT-33).
    pub struct Registration {
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Label.
        label: Text<'a>,
        /// Capital.
        capital: Option<Amount>,
        /// Currency of the capital.
        currency: Text<'a>,
        /// Office of the register.
        office: Text<'a>,
        /// Book.
        book: Text<'a>,
        /// Volume.
        volume: Text<'a>,
        /// Sheet.
        sheet: Text<'a>,
        /// Section.
        section: Text<'a>,
        /// Page.
        page: Text<'a>,
        /// Entry.
        entry: Text<'a>,
        /// Anything else.
        other: Text<'a>,
        /// Extensions.
        ext: Ext<'a>,
    }

    /// An image.
    pub struct Image {
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Label.
        label: Text<'a>,
        /// Where it is.
        url: Text<'a>,
        /// Its content, base64.
        data: Text<'a>,
        /// MIME type.
        mime: Text<'a>,
        /// Description.
        description: Text<'a>,
        /// Text in place of the image.
        alt: Text<'a>,
        /// Height in pixels.
        height: Option<i64>,
        /// Width in pixels.
        width: Option<i64>,
        /// Digest of the content.
        digest: Option<Digest<'a>>,
        /// Metadata.
        meta: Ext<'a>,
    }
}
