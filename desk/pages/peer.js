// The connection between the two browsers of a room: WebRTC, negotiated through the room's socket.
// Signals may be lost or repeated: a side that is not connected says hello again, and starts afresh with whom it hears.

const HELLO = 3000; // ms between greetings while unconnected

/** Events: `state` (new|connected|lost), `track` (event), `mark` (drawing mark), `word` (small message). */
export class Peer extends EventTarget {
  constructor({ iceServers, polite, signal }) {
    super();
    Object.assign(this, { iceServers, polite, signal, other: null, pc: null, tracks: new Map() });
    this.timer = setInterval(() => this.connected || this.greet(), HELLO);
  }

  get connected() {
    return this.pc?.connectionState === "connected" && this.channel?.readyState === "open";
  }

  greet() {
    this.signal({ type: "hello" });
  }

  /** Take a signal of the other side; `from` names its connection. */
  async take({ type, from, to, description, candidate }, me) {
    if (to && to !== me) return;
    if (type === "hello" || type === "welcome") {
      if (this.other !== from || this.pc?.connectionState === "failed") this.open(from);
      if (type === "hello") this.signal({ type: "welcome", to: from });
      return;
    }
    if (from !== this.other || !this.pc) return;
    if (type === "description") await this.describe(description);
    if (type === "candidate") await this.pc.addIceCandidate(candidate).catch((error) => { if (!this.ignoring) throw error; });
  }

  open(other) {
    this.pc?.close();
    this.other = other;
    this.offering = this.ignoring = false;
    const pc = (this.pc = new RTCPeerConnection({ iceServers: this.iceServers }));
    const current = () => this.pc === pc;
    pc.onnegotiationneeded = () => this.offer(pc);
    pc.onicecandidate = ({ candidate }) => candidate && current() && this.signal({ type: "candidate", to: other, candidate });
    pc.ontrack = (event) => this.tell("track", event);
    pc.onconnectionstatechange = () => {
      if (!current()) return;
      if (pc.connectionState === "failed") pc.restartIce();
      this.tell("state", { connected: "connected", failed: "lost", disconnected: "lost" }[pc.connectionState] ?? "new");
    };
    this.channel = pc.createDataChannel("marks", { negotiated: true, id: 0 });
    this.channel.onmessage = ({ data }) => this.hear(data);
    this.channel.onopen = () => current() && this.tell("open");
    for (const entry of this.tracks.values()) entry.sender = pc.addTrack(entry.track, entry.stream);
  }

  async offer(pc) {
    try {
      this.offering = true;
      await pc.setLocalDescription();
      if (this.pc === pc) this.signal({ type: "description", to: this.other, description: pc.localDescription });
    } finally {
      this.offering = false;
    }
  }

  // Perfect negotiation (W3C WebRTC, section 10.7): on a collision the polite side yields.
  async describe(description) {
    const { pc } = this;
    const collision = description.type === "offer" && (this.offering || pc.signalingState !== "stable");
    this.ignoring = !this.polite && collision;
    if (this.ignoring) return;
    await pc.setRemoteDescription(description);
    if (description.type !== "offer") return;
    await pc.setLocalDescription();
    this.signal({ type: "description", to: this.other, description: pc.localDescription });
  }

  /** Send a track until `drop` is called with its name; survives a new connection. */
  add(name, track, stream) {
    this.drop(name);
    this.tracks.set(name, { track, stream, sender: this.pc?.addTrack(track, stream) });
  }

  drop(name) {
    const entry = this.tracks.get(name);
    if (!entry) return;
    this.tracks.delete(name);
    entry.track.stop();
    if (entry.sender && this.pc?.signalingState !== "closed") this.pc.removeTrack(entry.sender);
  }

  /** A small message past the server, lost when unconnected. */
  say(message) {
    if (this.channel?.readyState === "open") this.channel.send(JSON.stringify(message));
  }

  hear(data) {
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    if (message && typeof message === "object") this.tell(message.word ? "word" : "mark", message);
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  close() {
    clearInterval(this.timer);
    for (const name of [...this.tracks.keys()]) this.drop(name);
    this.pc?.close();
    this.pc = null;
  }
}
