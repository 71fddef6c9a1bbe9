export default function ExplainView() {
  return <div />;
}
