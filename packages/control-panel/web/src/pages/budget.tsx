export default function BudgetPage() {
  return <h1 className="text-[17px] font-semibold">Budget</h1>;
}
