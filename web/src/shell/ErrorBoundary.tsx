import { Component, type ComponentChildren } from 'preact';
import { shellTexts } from './texts.ts';

/** Keeps header and navigation usable where a view fails to draw. */
export class ErrorBoundary extends Component<{ children: ComponentChildren }, { error: unknown }> {
  override state = { error: null as unknown };

  override componentDidCatch(error: unknown): void {
    this.setState({ error });
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    const t = shellTexts();
    const { error } = this.state;
    return (
      <div class="notice notice-bad" role="alert">
        <p>
          <strong>{t.broken}</strong> {error instanceof Error ? error.message : String(error)}
        </p>
        <button type="button" onClick={() => location.reload()}>
          {t.reload}
        </button>
      </div>
    );
  }
}
