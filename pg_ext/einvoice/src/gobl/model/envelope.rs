use super::{Invoice, objects};
use crate::gobl::scalar::Uuid;
use crate::gobl::{Ext, List, Text};

objects! {
    /// GOBL's envelope: a document with its digest, stamps and signatures.
    pub struct Envelope {
        /// `https://gobl.org/draft-0/envelope`.
        "$schema" schema: Text<'a>,
        /// What is said about the document.
        head: Option<Header<'a>>,
        /// The document.
        doc: Option<Box<Invoice<'a>>>,
        /// Signatures (JWS).
        sigs: List<Text<'a>>,
    }

    /// Head of an envelope.
    pub struct Header {
        /// RFC 4122 identifier of version 1, 6 or 7.
        uuid: Text<'a> as Uuid<'a>,
        /// Digest of the document's canonical JSON.
        dig: Option<Digest<'a>>,
        /// Stamps of authorities.
        stamps: List<Stamp<'a>>,
        /// Links.
        links: List<Link<'a>>,
        /// Tags.
        tags: List<Text<'a>>,
        /// Metadata.
        meta: Ext<'a>,
        /// Notes.
        notes: Text<'a>,
        /// URI of the sender.
        from: Text<'a>,
        /// URI of the receiver.
        to: Text<'a>,
        /// Fault codes to pass over.
        ignore: List<Text<'a>>,
    }

    /// A digest.
    pub struct Digest {
        /// Algorithm: `sha256`.
        alg: Text<'a> = required,
        /// Value, hexadecimal.
        val: Text<'a> = required,
    }

    /// A stamp of an authority.
    pub struct Stamp {
        /// Who gave it.
        "prv" provider: Text<'a> = required,
        /// Its value.
        "val" value: Text<'a> = required,
    }

    /// A link.
    pub struct Link {
        /// RFC 4122 identifier.
        uuid: Text<'a> as Uuid<'a>,
        /// Category.
        category: Text<'a>,
        /// Key.
        key: Text<'a> = required,
        /// Code.
        code: Text<'a>,
        /// Title.
        title: Text<'a>,
        /// Description.
        description: Text<'a>,
        /// MIME type.
        mime: Text<'a>,
        /// Digest of the content.
        digest: Option<Digest<'a>>,
        /// Where it is.
        url: Text<'a> = required,
        /// Metadata.
        meta: Ext<'a>,
    }
}
