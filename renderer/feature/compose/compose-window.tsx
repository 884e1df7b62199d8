export function ComposeWindow(props: { id: string }) {
  return <p>{props.id}</p>;
}
