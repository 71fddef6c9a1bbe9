export default function RunsView() {
  return <div />;
}
