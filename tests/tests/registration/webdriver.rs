//! A real browser, driven over W3C WebDriver: Debian's chromium and chromium-driver, headless, without scripts.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chorus_tests::skipped;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Name of an element's reference in WebDriver.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How long the browser may take for one thing.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with one window.
pub struct Browser {
    http: Client,
    session: String,
    driver: Child,
    _profile: TempDir,
}

impl Browser {
    /// Starts one in which scripts are switched off. `None`, and loud, where there is no chromium.
    pub async fn start(http: &Client) -> Result<Option<Self>> {
        let driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        let (Ok(mut driver), true) = (driver, Path::new("/usr/bin/chromium").exists()) else {
            skipped(
                "no browser (apt-get install --no-install-recommends chromium chromium-driver)",
            );
            return Ok(None);
        };
        let mut lines = BufReader::new(driver.stdout.take().context("no output")?).lines();
        let port = tokio::time::timeout(PATIENCE, async {
            while let Some(line) = lines.next_line().await? {
                if let Some((_, port)) = line.rsplit_once("successfully on port ") {
                    return port.trim_end_matches('.').parse::<u16>().context("no port");
                }
            }
            anyhow::bail!("chromedriver ended")
        })
        .await??;
        let profile = tempfile::tempdir()?;
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            // An element that is not there yet is waited for.
            "timeouts": { "implicit": PATIENCE.as_millis() / 2 },
            "goog:chromeOptions": {
                "binary": "/usr/bin/chromium",
                "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=900,1400",
                    format!("--user-data-dir={}", profile.path().display())],
                "prefs": { "profile.managed_default_content_settings.javascript": 2 },
            },
        } } });
        let base = format!("http://127.0.0.1:{port}/session");
        let answer: Value = http
            .post(&base)
            .json(&wanted)
            .timeout(PATIENCE)
            .send()
            .await?
            .json()
            .await?;
        let id = answer
            .pointer("/value/sessionId")
            .and_then(Value::as_str)
            .with_context(|| format!("no session: {answer}"))?;
        Ok(Some(Self {
            http: http.clone(),
            session: format!("{base}/{id}"),
            driver,
            _profile: profile,
        }))
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value> {
        let mut request = self
            .http
            .request(method, format!("{}/{path}", self.session))
            .timeout(PATIENCE);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let mut answer: Value = request.send().await?.json().await?;
        ensure!(
            answer.pointer("/value/error").is_none(),
            "{path}: {}",
            answer
        );
        Ok(answer
            .pointer_mut("/value")
            .map(Value::take)
            .unwrap_or_default())
    }

    /// Opens an address.
    pub async fn open(&self, url: &str) -> Result<()> {
        self.ask(Method::POST, "url", Some(json!({ "url": url })))
            .await?;
        Ok(())
    }

    /// The first element that a CSS selector finds.
    pub async fn find(&self, selector: &str) -> Result<String> {
        let body = json!({ "using": "css selector", "value": selector });
        let found = self.ask(Method::POST, "element", Some(body)).await?;
        Ok(found
            .get(ELEMENT)
            .and_then(Value::as_str)
            .context("no element")?
            .to_owned())
    }

    /// Types into the element that a selector finds, after what stands there was removed.
    pub async fn fill(&self, selector: &str, text: &str) -> Result<()> {
        let element = self.find(selector).await?;
        self.ask(
            Method::POST,
            &format!("element/{element}/clear"),
            Some(json!({})),
        )
        .await?;
        self.ask(
            Method::POST,
            &format!("element/{element}/value"),
            Some(json!({ "text": text })),
        )
        .await?;
        Ok(())
    }

    /// Clicks it. The page that follows has come when this returns: it is known by `sign`, which the page before it has not.
    ///
    /// The driver itself waits only for what loads at once, not for an answer that takes its time.
    pub async fn click(&self, selector: &str, sign: &str) -> Result<()> {
        let element = self.find(selector).await?;
        self.ask(
            Method::POST,
            &format!("element/{element}/click"),
            Some(json!({})),
        )
        .await?;
        self.find(sign).await?;
        Ok(())
    }

    /// What is to be seen of it, or what a screen reader says of it: `text`, `computedlabel`, `computedrole`, `attribute/…`.
    pub async fn read(&self, selector: &str, what: &str) -> Result<String> {
        let element = self.find(selector).await?;
        let value = self
            .ask(Method::GET, &format!("element/{element}/{what}"), None)
            .await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// The window's title.
    pub async fn title(&self) -> Result<String> {
        Ok(self
            .ask(Method::GET, "title", None)
            .await?
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    /// Keeps a picture of the window in cargo's target directory.
    pub async fn picture(&self, name: &str) -> Result<PathBuf> {
        let picture = self.ask(Method::GET, "screenshot", None).await?;
        let bytes = STANDARD.decode(picture.as_str().context("no picture")?)?;
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("registration");
        std::fs::create_dir_all(&folder)?;
        let path = folder.join(name);
        std::fs::write(&path, bytes)?;
        Ok(path)
    }

    /// Closes the window and ends the browser.
    pub async fn close(mut self) -> Result<()> {
        self.http
            .delete(&self.session)
            .timeout(PATIENCE)
            .send()
            .await?;
        self.driver.kill().await?;
        Ok(())
    }
}
