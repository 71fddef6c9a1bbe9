export default function BatchView() {
  return <div />;
}
