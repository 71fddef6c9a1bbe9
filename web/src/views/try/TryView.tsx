export default function TryView() {
  return <div />;
}
