use super::super::kinds::{self, Member};
use super::super::path::Path;
use super::Walk;
use crate::gobl::list::List;
use crate::gobl::model::{Address, Email, Image, Party, Person, Telephone};

impl Walk {
    pub(super) fn party(&mut self, party: Option<&Party<'_>>, is_main: bool, path: &Path<'_>) {
        let Some(party) = party else { return };
        self.check::<kinds::Parties>(Member { party, is_main }, path);
        if let Some(tax_id) = &party.tax_id {
            let path = path.key("tax_id");
            self.check::<kinds::TaxIdentities>(tax_id, &path);
            self.tax_country(&tax_id.country, &path);
            self.code(&tax_id.code, &path, "code");
            self.code(&tax_id.scheme, &path, "scheme");
            self.key(&tax_id.kind, &path, "type");
        }
        self.identities(&party.identities, &path.key("identities"));
        self.each(&party.people, &path.key("people"), Self::person);
        self.each(
            &party.endpoints,
            &path.key("endpoints"),
            |walk, endpoint, path| {
                walk.check::<kinds::Endpoints>(endpoint, path);
                walk.uri(&endpoint.uri, path, "uri");
            },
        );
        self.each(&party.inboxes, &path.key("inboxes"), |walk, inbox, path| {
            walk.check::<kinds::Inboxes>(inbox, path);
            walk.key(&inbox.key, path, "key");
            walk.code(&inbox.scheme, path, "scheme");
            walk.code(&inbox.code, path, "code");
        });
        self.addresses(&party.addresses, path);
        self.contacts(&party.emails, &party.telephones, path);
        self.each(
            &party.websites,
            &path.key("websites"),
            |walk, website, path| {
                walk.check::<kinds::Websites>(website, path);
            },
        );
        if let Some(registration) = &party.registration {
            let path = path.key("registration");
            self.check::<kinds::Registrations>(registration, &path);
            self.currency(&registration.currency, &path, "currency");
            self.ext(&registration.ext, &path);
        }
        self.each(&party.logos, &path.key("logos"), Self::image);
        self.ext(&party.ext, path);
    }

    fn person(&mut self, person: &Person<'_>, path: &Path<'_>) {
        self.check::<kinds::People>(person, path);
        self.key(&person.key, path, "key");
        self.identities(&person.identities, &path.key("identities"));
        self.addresses(&person.addresses, path);
        self.contacts(&person.emails, &person.telephones, path);
        self.each(&person.avatars, &path.key("avatars"), Self::image);
    }

    fn addresses(&mut self, addresses: &List<Address<'_>>, path: &Path<'_>) {
        self.each(addresses, &path.key("addresses"), Self::address);
    }

    pub(super) fn address(&mut self, address: &Address<'_>, path: &Path<'_>) {
        self.check::<kinds::Addresses>(address, path);
        self.code(&address.state, path, "state");
        self.code(&address.code, path, "code");
        self.country(&address.country, path);
        if let Some(place) = &address.coords {
            self.check::<kinds::Coordinates>(place, &path.key("coords"));
        }
    }

    fn contacts(
        &mut self,
        emails: &List<Email<'_>>,
        telephones: &List<Telephone<'_>>,
        path: &Path<'_>,
    ) {
        self.each(emails, &path.key("emails"), |walk, email, path| {
            walk.check::<kinds::Emails>(email, path);
        });
        self.each(
            telephones,
            &path.key("telephones"),
            |walk, telephone, path| {
                walk.check::<kinds::Telephones>(telephone, path);
            },
        );
    }

    pub(super) fn image(&mut self, image: &Image<'_>, path: &Path<'_>) {
        self.check::<kinds::Images>(image, path);
        if let Some(digest) = &image.digest {
            self.check::<kinds::Digests>(digest, &path.key("digest"));
        }
    }
}
